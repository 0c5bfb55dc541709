namespace CacheBackup.Fuzz.Targets;

/// <summary>
/// All that reads bytes from outside. A target returns when its input was handled as promised, refused or not, and throws when not.
/// </summary>
public static class FuzzTargets
{
    private static readonly SortedDictionary<string, Action<byte[]>> Targets = new(StringComparer.Ordinal)
    {
        ["file"] = FileTarget.Run,
        ["payload"] = PayloadTarget.Run,
        ["value"] = ValueTarget.Run,
        ["packed"] = PackedTarget.Run,
        ["lzf"] = LzfTarget.Run,
        ["index"] = IndexTarget.Run,
        ["reply"] = ReplyTarget.Run,
        ["items"] = ItemsTarget.Run,
    };

    public static IReadOnlyDictionary<string, Action<byte[]>> All => Targets;
}
