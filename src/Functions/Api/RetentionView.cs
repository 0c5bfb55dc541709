using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;

namespace CacheBackup.Functions.Api;

/// <summary>What the purge would do now with the automatic backups of a cache.</summary>
/// <param name="Clock">Other than steady: nothing is removed until it is believed again.</param>
public sealed record RetentionView(CacheName Cache, ClockVerdict Clock, IReadOnlyList<RetentionBackupView> Backups)
{
    public static RetentionView Of(RetentionPreview preview) =>
        new(preview.Cache, preview.Clock, [.. preview.Decisions.Select(RetentionBackupView.Of)]);
}
