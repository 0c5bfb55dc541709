using System.Buffers;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Entries of one database that are read back together, with copies of their keys and values. At most <see cref="MostEntries"/> entries, and
/// <see cref="MostBytes"/> or one entry.
/// </summary>
internal sealed class CompareBatch
{
    /// <summary>Enough that the round trip does not count.</summary>
    public const int MostEntries = 512;

    /// <summary>What the server holds of unread replies; here each connection has two batches, of up to twice this as their buffers grow.</summary>
    public const int MostBytes = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly List<RestoreEntry> _entries = [];
    private readonly List<(int KeyLength, int ValueLength)> _lengths = [];

    public int Database => _entries.Count == 0 ? 0 : _entries[0].Database;

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The entries; their memory is this batch's.</summary>
    public IReadOnlyList<RestoreEntry> Entries => _entries;

    public bool Takes(in RestoreEntry entry) => IsEmpty
        || (_entries.Count < MostEntries && entry.Database == Database && _bytes.WrittenCount + entry.Key.Length + entry.Value.Length <= MostBytes);

    public void Add(in RestoreEntry entry)
    {
        _bytes.Write(entry.Key.Span);
        _bytes.Write(entry.Value.Span);
        _lengths.Add((entry.Key.Length, entry.Value.Length));
        _entries.Add(entry);
    }

    /// <summary>Says what to ask for; nothing may be added until <see cref="Clear"/>.</summary>
    public IReadOnlyList<ReadBackRequest> Seal()
    {
        var requests = new ReadBackRequest[_entries.Count];
        ReadOnlyMemory<byte> rest = _bytes.WrittenMemory;
        for (int i = 0; i < requests.Length; i++)
        {
            (int keyLength, int valueLength) = _lengths[i];
            _entries[i] = _entries[i] with { Key = rest[..keyLength], Value = rest.Slice(keyLength, valueLength) };
            rest = rest[(keyLength + valueLength)..];
            requests[i] = new ReadBackRequest(_entries[i].Key, _entries[i].Type, _entries[i].Value, _entries[i].ExpireAtMilliseconds);
        }

        return requests;
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _entries.Clear();
        _lengths.Clear();
    }
}
