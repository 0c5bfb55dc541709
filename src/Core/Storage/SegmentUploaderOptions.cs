namespace CacheBackup.Core.Storage;

/// <summary>How a <see cref="SegmentUploader"/> cuts and sends a stream.</summary>
public sealed record SegmentUploaderOptions
{
    /// <summary>
    /// The size of the first parts, in bytes: 5 MiB to <see cref="MaxPartSizeBytes"/>. 8 MiB keeps a 1 Gbit/s line busy with four parts
    /// in flight and costs little memory.
    /// </summary>
    public int PartSizeBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// What a part may grow to, in bytes: at most 1 GiB. Parts grow only when a stream needs it (see <see cref="EstimateBytes"/>);
    /// 64 MiB hold a stream of some 400 GiB.
    /// </summary>
    public int MaxPartSizeBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Parts in flight at once, 1 to 64; the memory of an upload is (this + 1) × the part size.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>How long the stream is thought to be, in bytes; 0 where nothing is known. It only sets the size of parts.</summary>
    public long EstimateBytes { get; init; }

    /// <summary>How often a part, or the completion, is tried before a transient error is given up to the caller: 1 to 20.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The longest wait before the first retry; it doubles with each one, and the real wait is a random share of it.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the clean-up of a failed upload may take, in its own time and not in that of the cancelled run.</summary>
    public TimeSpan AbortTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PartSizeBytes, StoreLimits.MinPartBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPartSizeBytes, PartSizeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPartSizeBytes, 1024 * 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(Parallelism, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Parallelism, 64);
        ArgumentOutOfRangeException.ThrowIfNegative(EstimateBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(Attempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Attempts, 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AbortTimeout, TimeSpan.Zero);
    }
}
