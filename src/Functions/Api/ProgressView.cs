using CacheBackup.Core.Catalog;

namespace CacheBackup.Functions.Api;

/// <summary>How far a job is, and how fast.</summary>
public sealed record ProgressView
{
    public required long Bytes { get; init; }

    /// <summary>Null where the source does not say how much is to come.</summary>
    public long? TotalBytes { get; init; }

    public required long Keys { get; init; }

    /// <summary>The mean since the job began; null within its first second.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>At that rate; null where it or the total is not known.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    public static ProgressView? Of(ProgressRecord? progress, DateTimeOffset startedAt)
    {
        if (progress is null)
        {
            return null;
        }

        double seconds = (progress.At - startedAt).TotalSeconds;
        double? rate = seconds >= 1 ? progress.Bytes / seconds : null;
        return new ProgressView
        {
            Bytes = progress.Bytes,
            TotalBytes = progress.TotalBytes,
            Keys = progress.Keys,
            BytesPerSecond = rate is { } known ? Math.Round(known) : null,
            SecondsLeft = rate > 0 && progress.TotalBytes is { } total ? Math.Round(Math.Max(0, total - progress.Bytes) / rate.Value, 1) : null,
            At = progress.At,
        };
    }
}
