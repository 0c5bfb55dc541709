using CacheBackup.Core.Model;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// What one slice of a scan may take: it ends at the first entry's end after any of these. Each slice takes one entry at least where there are any.
/// </summary>
public sealed record SliceLimit
{
    /// <summary>One slice, however long it takes.</summary>
    public static SliceLimit None { get; } = new();

    /// <summary>Cancelled when the time of this call is nearly up.</summary>
    public CancellationToken Ending { get; init; }

    /// <summary>The time that the host gives one call, in which a transfer that cannot be cut has to fit; null: as long as it takes.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How much the last backup's transfer was, and how fast; null: not known.</summary>
    public ShardTransfer? Last { get; init; }

    /// <summary>Entries; null: no limit.</summary>
    public long? Keys { get; init; }

    /// <summary>Bytes of the file; null: no limit.</summary>
    public long? Bytes { get; init; }

    /// <summary>The narrower of both, with the time of <paramref name="call"/>.</summary>
    public SliceLimit Within(SliceLimit call) => call with { Keys = Least(Keys, call.Keys), Bytes = Least(Bytes, call.Bytes) };

    private static long? Least(long? one, long? other) => one is { } a && other is { } b ? Math.Min(a, b) : one ?? other;

    /// <summary>Whether a slice that has taken so much is over.</summary>
    public bool IsReached(long keys, long bytes) => keys >= Keys || bytes >= Bytes || Ending.IsCancellationRequested;
}
