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

    /// <summary>Where the list of keys is kept while the items are read: about 50 bytes a key.</summary>
    public string KeyListDirectory { get; init; } = Path.GetTempPath();

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Connections, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Connections, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchKeys, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchKeys, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchBytes, 64 * 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchBytes, 64 * 1024 * 1024);
    }
}
