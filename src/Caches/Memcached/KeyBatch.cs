using CacheBackup.Core.Memcached;

namespace CacheBackup.Caches.Memcached;

/// <summary>Keys that are asked for together: the commands, ready to be sent, and what the list says of each item.</summary>
internal sealed class KeyBatch(MemcachedOptions options)
{
    /// <summary>As much as goes in one piece over any connection: some 450 keys.</summary>
    private const int MostBytes = MemcachedConnection.TlsPieceBytes;

    /// <summary><c>mg </c>, the name, <c> f t v u b</c> and the line's end.</summary>
    private const int MostCommandBytes = 3 + ItemKey.MaxBytes + 12;

    private readonly byte[] _commands = new byte[MostBytes];
    private readonly List<Entry> _entries = [];
    private int _commandBytes;
    private long _itemBytes;
    private long _mostKeys = long.MaxValue;

    public bool IsEmpty => Count == 0;

    /// <summary>Keys of the list, whether a command can name them or not.</summary>
    public int Count => _entries.Count + Unreachable;

    public ReadOnlyMemory<byte> Commands => _commands.AsMemory(0, _commandBytes);

    /// <summary>In the order of the commands.</summary>
    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>Keys of the list that no command can name.</summary>
    public int Unreachable { get; private set; }

    /// <param name="mostKeys">The batch is full with so many; one has room whatever it says.</param>
    public void Clear(long mostKeys)
    {
        _mostKeys = Math.Clamp(mostKeys, 1, options.BatchKeys);
        _entries.Clear();
        _commandBytes = 0;
        _itemBytes = 0;
        Unreachable = 0;
    }

    /// <returns>False: the batch is full without it.</returns>
    public bool TryAdd(ReadOnlySpan<byte> key, long expireAtSeconds, long itemBytes)
    {
        if (Count >= _mostKeys
            || MostBytes - _commandBytes < MostCommandBytes
            || (_entries.Count > 0 && _itemBytes + itemBytes > options.BatchBytes))
        {
            return false;
        }

        Span<byte> command = _commands.AsSpan(_commandBytes);
        if (!ItemKey.TryName(key, command.Slice(3, ItemKey.MaxBytes), out int name, out bool isEncoded))
        {
            Unreachable++;
            return true;
        }

        "mg "u8.CopyTo(command);
        int at = 3 + name;
        ReadOnlySpan<byte> rest = isEncoded ? " f t v u b\r\n"u8 : " f t v u\r\n"u8;
        rest.CopyTo(command[at..]);
        _entries.Add(new Entry(_commandBytes + 3, name, isEncoded, expireAtSeconds));
        _commandBytes += at + rest.Length;
        _itemBytes += itemBytes;
        return true;
    }

    public ReadOnlySpan<byte> NameOf(in Entry entry) => _commands.AsSpan(entry.NameOffset, entry.NameLength);

    /// <param name="ExpireAtSeconds">As listed; 0: never.</param>
    internal readonly record struct Entry(int NameOffset, int NameLength, bool IsEncoded, long ExpireAtSeconds);
}
