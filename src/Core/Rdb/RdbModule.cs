namespace CacheBackup.Core.Rdb;

/// <summary>
/// The module type that a 64-bit id names: nine letters of six bits each, and the version of the module's own encoding in the low ten bits.
/// </summary>
public readonly record struct RdbModule(ulong Id)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// <summary>The type's name as the module registered it, such as <c>ReJSON-RL</c>.</summary>
    public string Name => string.Create(9, Id >> 10, static (name, bits) =>
    {
        for (int i = name.Length - 1; i >= 0; i--, bits >>= 6)
        {
            name[i] = Letters[(int)(bits & 63)];
        }
    });

    public int EncodingVersion => (int)(Id & 1023);

    public override string ToString() => $"{Name} v{EncodingVersion}";
}
