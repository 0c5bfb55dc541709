using CacheBackup.Core.Operations;

namespace CacheBackup.Local.Demo;

/// <summary>The names of one run alone: a store that stays may hold what a demo left there that was killed.</summary>
internal sealed record DemoNames(string Source, string Backup, string Restored)
{
    private const int Digits = 6;

    public static DemoNames Of(IIdSource ids)
    {
        string run = ids.Next()[..Digits];
        return new DemoNames($"demo-source-{run}", $"demo-backup-{run}", $"demo-restored-{run}");
    }
}
