namespace CacheBackup.Core.Model;

/// <summary>Names the record of an export of a native snapshot.</summary>
public readonly record struct NativeExportName
{
    private readonly string? _value;

    private NativeExportName(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("The name of a native export was never set.");

    /// <summary>All serverless exports have one name: whoever holds it is the only one at work.</summary>
    public static NativeExportName Of(NativeSnapshotId snapshot) => new(snapshot.Serverless ? "serverless" : $"snapshot-{snapshot.Name}");

    public override string ToString() => Value;
}
