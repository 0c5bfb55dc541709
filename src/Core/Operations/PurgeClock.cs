using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Whether the purge may believe the clock. The purge looks once when it begins, and keeps what it has seen; each later step asks again,
/// since a clock may jump at any time.
/// </summary>
public sealed class PurgeClock(ServiceParts parts)
{
    private const int MaxMarkBytes = 64 * 1024;

    /// <summary>Looks at the clock, keeps the mark, and tells where it is in doubt: once for each jump.</summary>
    public async Task<ClockVerdict> LookAsync(CancellationToken cancellationToken)
    {
        ClockReading reading = await ReadAsync(cancellationToken);
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(reading.Mark, CatalogJson.Default.ClockMark);
        await parts.Store.PutAsync(CatalogKeys.ClockMark, bytes, WriteCondition.None, cancellationToken);
        if (reading is { Verdict: not ClockVerdict.Steady, Mark.JumpedAt: { } jumpedAt })
        {
            string message = reading.Verdict == ClockVerdict.Backwards
                ? $"The clock says {jumpedAt:u}, but {reading.Mark.HighWater:u} was seen already."
                : $"The clock says {jumpedAt:u}, far ahead of {reading.Mark.HighWater:u}, which was seen last.";
            await parts.Events.PublishAsync(
                BackupEvent.Of(
                    EventCode.PurgeHeldBack,
                    jumpedAt,
                    $"{message} Nothing is removed until the clock comes back or has run evenly for {ClockMark.Confirmation.TotalHours:F0} hours. Check it.",
                    null,
                    null,
                    null,
                    part: jumpedAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture)),
                cancellationToken);
        }

        return reading.Verdict;
    }

    /// <summary>What a look would show; changes nothing.</summary>
    public async Task<ClockVerdict> PeekAsync(CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).Verdict;

    private async Task<ClockReading> ReadAsync(CancellationToken cancellationToken)
    {
        ClockMark? mark = await FindMarkAsync(cancellationToken);
        DateTimeOffset? newestSeen = mark is null ? await NewestSeenAsync(cancellationToken) : null;
        return ClockMark.Read(mark, newestSeen, parts.Time.GetUtcNow());
    }

    private async Task<ClockMark?> FindMarkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await parts.Store.GetAsync(CatalogKeys.ClockMark, null, cancellationToken);
            return content.LengthBytes > MaxMarkBytes
                ? null
                : await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.ClockMark, cancellationToken);
        }
        catch (Exception e) when (e is ObjectNotFoundException or JsonException)
        {
            return null;
        }
    }

    private async Task<DateTimeOffset?> NewestSeenAsync(CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in parts.Store.ListAsync(CatalogKeys.BackupsByTime, null, cancellationToken))
        {
            return BackupIndex.Parse(summary.Key)?.CreatedAt;
        }

        return null;
    }
}
