using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Sends one range of a backup into a target. Running it again, or twice at once, ends in the same state: every entry replaces what is
/// there. The target must be the restore's own (<see cref="RestoreCheck.RequireEmpty"/>, then the claim).
/// </summary>
public sealed class RestoreRun(IObjectStore store, TimeProvider time)
{
    /// <summary>How far a run has come is noted no oftener than this: what a killed one repeats is what it sent meanwhile.</summary>
    public static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(10);

    /// <summary>Null: as fast as the target takes it.</summary>
    public RestorePace? Pace { get; init; }

    /// <summary>
    /// Told at the end of a segment, when the target has accepted everything up to there: how many of the range's segments are done, and the
    /// report on them. Null: nobody goes on within the range.
    /// </summary>
    public Func<int, RestoreReport, CancellationToken, Task>? Reached { get; init; }

    /// <summary>
    /// Restores the range: libraries first where it holds the file's header, then its entries in order, with expiry, idle time and frequency.
    /// Entries whose expiry has passed by the target's clock are not sent.
    /// </summary>
    /// <exception cref="BackupDamagedException">Stored bytes differ from their digests; nothing of a segment that was held whole was sent.</exception>
    /// <exception cref="BackupNotRestorableException">A value is larger than the target takes.</exception>
    /// <exception cref="TargetRefusedException">The target refused an entry.</exception>
    /// <exception cref="TargetOutOfMemoryException">The target is full.</exception>
    /// <exception cref="ForeignWriterException">Somebody else writes to the target.</exception>
    /// <exception cref="StoreUnavailableException">The store broke off too often.</exception>
    public async Task<RestoreReport> RunAsync(
        RestoreRange range, IRestoreTarget target, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        TargetFormats formats = await target.FormatsAsync(cancellationToken);
        long now = await target.TimeAsync(cancellationToken);
        var writer = new EntryWriter(target, TemporaryKeys.Of(range.DataKey), formats, now, Pace);
        SelectedEntries? selected = SelectedEntries.Around(writer, range, formats);
        RangeWalk walk = new(store, time, range);
        RestoreReport Report(long bytes) => new()
        {
            Restored = writer.Restored,
            ExpiredBefore = writer.Expired,
            LeftOut = selected?.LeftOut ?? 0,
            Refused = selected?.Refused ?? 0,
            Lost = walk.Lost,
            Functions = writer.Functions,
            Bytes = bytes,
        };
        if (Reached is { } reached)
        {
            long last = time.GetTimestamp();
            walk.SegmentDone = async (segments, bytes) =>
            {
                if (time.GetElapsedTime(last) >= CheckpointInterval)
                {
                    await target.FlushAsync(cancellationToken);
                    await reached(segments, Report(bytes), cancellationToken);
                    last = time.GetTimestamp();
                }
            };
        }

        long all = await walk.RunAsync(selected ?? (IRangeConsumer)writer, progress, cancellationToken);
        await target.FlushAsync(cancellationToken);
        return Report(all);
    }
}
