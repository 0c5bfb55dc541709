namespace CacheBackup.Local.Demo;

/// <summary>What a server was filled with.</summary>
/// <param name="KeysByKind">Keys by what they are, in words.</param>
/// <param name="ShortLived">Keys that were made to expire before the backup or during it; not among the others.</param>
internal sealed record DemoDataSummary(IReadOnlyDictionary<string, int> KeysByKind, int ShortLived, int Functions)
{
    public int Keys => KeysByKind.Values.Sum();
}
