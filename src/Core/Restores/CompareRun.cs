using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Compares one range of a backup with what a target holds, key by key, right after it was restored: canonical value and exact absolute
/// expiry. Identical serialized bytes are a short cut to "equal"; what differs in bytes is decoded on both sides. Keys that the target has
/// and the backup has not are found by <see cref="CompareTotals"/> over all ranges.
/// </summary>
public sealed class CompareRun(IObjectStore store, TimeProvider time)
{
    /// <exception cref="BackupDamagedException">Stored bytes differ from their digests.</exception>
    /// <exception cref="StoreUnavailableException">The store broke off too often.</exception>
    public async Task<CompareReport> RunAsync(
        RestoreRange range, IRestoreTarget target, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        TargetFormats formats = await target.FormatsAsync(cancellationToken);
        var comparer = new EntryComparer(target, formats);
        try
        {
            SelectedEntries? selected = SelectedEntries.Around(comparer, range, formats);
            RangeWalk walk = new(store, time, range);
            long bytes = await walk.RunAsync(selected ?? (IRangeConsumer)comparer, progress, cancellationToken);
            CompareReport report = await comparer.FinishAsync(cancellationToken);
            return report with { Bytes = bytes, LeftOut = selected?.LeftOut ?? 0, Refused = selected?.Refused ?? 0, Lost = walk.Lost, Selected = selected?.Selected };
        }
        finally
        {
            // The target is the caller's again, also after a failure of the store.
            await comparer.SettleAsync();
        }
    }
}
