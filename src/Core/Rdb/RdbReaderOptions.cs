namespace CacheBackup.Core.Rdb;

/// <summary>Limits and knowledge that a <see cref="RdbReader"/> is given.</summary>
public sealed record RdbReaderOptions
{
    public static RdbReaderOptions Default { get; } = new();

    /// <summary>
    /// The offset at which the input ends, where it is known: the size of the file, or the end of the segment. A length that reaches
    /// beyond it is refused when it is read, not when the bytes run out. Null: unknown.
    /// </summary>
    public long? EndOffsetBytes { get; init; }

    /// <summary>
    /// The longest key. Keys are the only thing that is held whole; the buffer grows as their bytes arrive, never ahead of them.
    /// Default 512 MiB, the most that a server takes from a client.
    /// </summary>
    public int MaxKeyBytes { get; init; } = 512 << 20;

    /// <summary>The longest auxiliary field or function library, held whole like a key. Default 64 MiB.</summary>
    public int MaxTextBytes { get; init; } = 64 << 20;

    /// <summary>
    /// The instant against which keys count as expired. Null: the creation time that the file itself states, if it does.
    /// </summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>
    /// Whether the reader computes the CRC-64 of what it reads. False: the caller does, and gives it to <see cref="RdbReader.Complete(ulong)"/>,
    /// because it has those of the parts anyway or computes them on other processors. A segment's may be left out. Default true.
    /// </summary>
    public bool IsChecksumComputed { get; init; } = true;
}
