using CacheBackup.Core.Restores;

namespace CacheBackup.Caches.Scan;

/// <summary>
/// Values that the server should not build in one piece, for which DUMP makes it do so, and answer nobody else meanwhile: which they are, and how they
/// are read. They are marked by the names of their keys, since to ask every key how large its value is would nearly double a scan's time.
/// </summary>
public sealed record PieceOptions
{
    /// <summary>Keys whose values are looked at: they are taken in pieces if they are large enough.</summary>
    public required IReadOnlyList<GlobPattern> Keys { get; init; }

    /// <summary>Elements of a hash, list, set or sorted set from which on it is taken in pieces. Default 10,000.</summary>
    public long LeastElements { get; init; } = 10_000;

    /// <summary>Bytes of a string from which on it is taken in pieces. Default 16 MiB.</summary>
    public long LeastBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>Elements that are asked for at a time, 1 and more. Default 1,000: under a millisecond of the server's time.</summary>
    public int ElementsAtOnce { get; init; } = 1_000;

    /// <summary>Bytes of a string that are asked for at a time, 1 and more. Default 1 MiB.</summary>
    public int BytesAtOnce { get; init; } = 1024 * 1024;

    /// <summary>What of a value may lie on the local disk until it is known that it did not change, in bytes. Default 8 GiB.</summary>
    public long MaxSpoolBytes { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>
    /// What the names of a hash's fields or a set's members may take in memory while it is read, 24 bytes each: a server repeats some while it resizes
    /// the value's table. Default 160 MiB: 7 million.
    /// </summary>
    public long MaxRememberedBytes { get; init; } = 160L * 1024 * 1024;

    /// <summary>Where the spool lies: a file without a name.</summary>
    public string SpoolDirectory { get; init; } = Path.GetTempPath();

    internal bool IsMarked(ReadOnlySpan<byte> key)
    {
        foreach (GlobPattern pattern in Keys)
        {
            if (pattern.Matches(key))
            {
                return true;
            }
        }

        return false;
    }

    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(LeastElements, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LeastBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ElementsAtOnce, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BytesAtOnce, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxSpoolBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxRememberedBytes);
    }
}
