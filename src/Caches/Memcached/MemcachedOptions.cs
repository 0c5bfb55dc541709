namespace CacheBackup.Caches.Memcached;

/// <summary>How Memcached's items are read.</summary>
public sealed record MemcachedOptions
{
    public static MemcachedOptions Default { get; } = new();

    /// <summary>Time-outs and buffers of each connection.</summary>
    public RespConnectionOptions Connection { get; init; } = RespConnectionOptions.Default;

    /// <summary>Connections that ask for items, 1–16. Two keep one processor of the server and one of ours at work.</summary>
    public int Connections { get; init; } = 2;

    /// <summary>Keys asked for together, 1–4,096: enough that the round trip does not count.</summary>
    public int BatchKeys { get; init; } = 512;

    /// <summary>
    /// What the server says the items of a batch take, unless it is one item: 64 KiB – 64 MiB. Each connection has two batches under way,
    /// and the server keeps their items from being removed until they are sent.
    /// </summary>
    public int BatchBytes { get; init; } = 1024 * 1024;

    /// <summary>How long to wait for a crawler that is at work for somebody else.</summary>
    public TimeSpan BusyPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the list of keys is kept until its keys are taken: about 60 bytes a key.</summary>
    public string KeyListDirectory { get; init; } = Path.GetTempPath();

    /// <summary>
    /// Items of a node up to which the first of several slices reads items while it lists the keys, and leaves those that it does not come to in the
    /// store when its time is nearly up: at most 400 MB, for which Lambda has the disk, and the end of a call the time. Of a larger node the first slice
    /// leaves the list, and no more. 0 or more.
    /// </summary>
    public long KeysAtHand { get; init; } = 1_500_000;

    /// <summary>
    /// How much of a list that goes to the store may lie on the disk at a time, 1 MiB or more: of the 512 MB that Lambda has. With more than that the
    /// crawler waits.
    /// </summary>
    public long KeyListDiskBytes { get; init; } = 384L * 1024 * 1024;

    /// <summary>How much of a list in the store is read at a time, 4 KiB – 64 MiB; twice as much is held.</summary>
    public int ListBlockBytes { get; init; } = StoredKeys.UsualBlockBytes;

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Connections, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Connections, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchKeys, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchKeys, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchBytes, 64 * 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchBytes, 64 * 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfNegative(KeysAtHand);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeyListDiskBytes, 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(ListBlockBytes, 4 * 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ListBlockBytes, 64 * 1024 * 1024);
    }
}
