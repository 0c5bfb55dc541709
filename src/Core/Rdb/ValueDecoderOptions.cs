namespace CacheBackup.Core.Rdb;

/// <summary>Limits of a <see cref="ValueDecoder"/>.</summary>
public sealed record ValueDecoderOptions
{
    public static ValueDecoderOptions Default { get; } = new();

    /// <summary>
    /// The largest encoded part of a value (ziplist, listpack, intset, zipmap; one node of a quicklist or stream), which is held whole. Servers
    /// keep them to some KiB unless they are told otherwise. Default 512 MiB.
    /// </summary>
    public int MaxBlobBytes { get; init; } = 512 << 20;

    /// <summary>
    /// Streams are decoded as a server knows them that keeps no counters (before RDB 10): what was added, deleted and read is derived from the
    /// entries, as it is for streams that were stored without. For comparing with such a server.
    /// </summary>
    public bool IgnoreStreamCounters { get; init; }

    /// <summary>
    /// How many elements of one collection are remembered to find one that occurs twice; more are not checked. Costs up to 48 bytes an element.
    /// Default 262,144; 0: no such check.
    /// </summary>
    public int DuplicateCheckElements { get; init; } = 1 << 18;
}
