using System.Buffers.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Inspections;

/// <summary>Measures one value after another as it is decoded: its elements, how a server holds it, and what that takes.</summary>
internal sealed class ValueMeasure : ElementHandler
{
    // Structures of a stream that are there once, for each node, group, consumer, and entry that is pending, with their places in radix trees.
    private const long StreamBytes = 96 + 64;
    private const long StreamNodeBytes = 64;
    private const long GroupBytes = 288;
    private const long ConsumerBytes = 224;
    private const long PendingBytes = 128;

    /// <summary>Flags, the two differences of its id and the count of its parts.</summary>
    private const long StreamEntryBytes = 10;
    private const long StreamNodeMostBytes = 4096;
    private const int StreamNodeMostEntries = 100;
    private const long FieldExpiryBytes = 16;

    private RdbType _type;
    private double _bytes;
    private long _packedBytes;
    private int _numberBytes;
    private long _nodeEntries;
    private long _nodeFields;
    private long _entryFields;
    private long _fieldBytes;
    private long _valueBytes;

    /// <summary>Whether members of a set stand in their table without entries: see <see cref="ServerMemory.MemberEntry"/>.</summary>
    public bool HasBareMembers { get; set; }

    public long Elements { get; private set; }

    public ServerEncoding Encoding { get; private set; }

    /// <summary>Of the value that has ended, without its key.</summary>
    public long MemoryBytes => (long)_bytes;

    /// <summary>How a server holds a value that is stored like this; strings show it only when they are read.</summary>
    public static ServerEncoding EncodingOf(RdbType type) => type switch
    {
        RdbType.String => ServerEncoding.Raw,
        RdbType.List or RdbType.ListZiplist or RdbType.ListQuicklist or RdbType.ListQuicklist2 => ServerEncoding.Quicklist,
        RdbType.SetIntset => ServerEncoding.Intset,
        RdbType.Set or RdbType.Hash or RdbType.HashWithFieldExpiry or RdbType.HashMetadata => ServerEncoding.Hashtable,
        RdbType.SortedSet or RdbType.SortedSet2 => ServerEncoding.Skiplist,
        RdbType.Stream or RdbType.Stream2 or RdbType.Stream3 => ServerEncoding.Stream,
        RdbType.Module2 or RdbType.ModulePreRelease => ServerEncoding.Module,
        _ => ServerEncoding.Listpack,
    };

    public override void OnValueStart(RdbType type)
    {
        _type = type;
        Encoding = EncodingOf(type);
        Elements = type.Family() is ValueFamily.String or ValueFamily.Module ? 1 : 0;
        _bytes = ServerMemory.Object;
        _packedBytes = 0;
        _numberBytes = sizeof(short);
        _nodeEntries = 0;
        _entryFields = -1;
        _fieldBytes = 0;
        _valueBytes = 0;
    }

    public override void OnText(ElementRole role, ReadOnlySpan<byte> text)
    {
        long? number = Encoding is ServerEncoding.Hashtable or ServerEncoding.Skiplist ? null : NumberOf(text);
        Add(role, text.Length, number);
    }

    public override void OnTextStart(ElementRole role, long lengthBytes) => Add(role, lengthBytes, null);

    public override void OnScore(double score)
    {
        if (Encoding == ServerEncoding.Listpack)
        {
            const int FractionBytes = 18;
            _packedBytes += double.IsInteger(score) && Math.Abs(score) < long.MaxValue
                ? ServerMemory.ListpackNumber((long)score)
                : ServerMemory.ListpackText(FractionBytes);
        }
    }

    public override void OnFieldExpiry(long expireAtMilliseconds) => _bytes += FieldExpiryBytes;

    public override void OnStreamEntry(StreamId id, long fields)
    {
        AddStreamEntry();
        Elements++;
        _entryFields = fields;
    }

    public override void OnGroup(ReadOnlySpan<byte> name, StreamId lastId, long entriesRead) => _bytes += GroupBytes + ServerMemory.Text(name.Length);

    public override void OnPendingEntry(StreamId id, long deliveredAtMilliseconds, long deliveries) => _bytes += PendingBytes;

    public override void OnConsumer(ReadOnlySpan<byte> name, long seenAtMilliseconds, long activeAtMilliseconds) =>
        _bytes += ConsumerBytes + ServerMemory.Text(name.Length);

    public override void OnModuleData(ReadOnlySpan<byte> data) => _bytes += data.Length;

    public override void OnValueEnd()
    {
        switch (Encoding)
        {
            case ServerEncoding.Listpack:
                _bytes += ServerMemory.Allocated(_packedBytes + ServerMemory.ListpackOverhead);
                break;
            case ServerEncoding.Intset:
                _bytes += ServerMemory.Allocated(8 + (Elements * _numberBytes));
                break;
            case ServerEncoding.Quicklist:
                EndListNode();
                _bytes += ServerMemory.Quicklist;
                break;
            case ServerEncoding.Hashtable:
                _bytes += ServerMemory.Table + ServerMemory.Places(Elements);
                break;
            case ServerEncoding.Skiplist:
                _bytes += ServerMemory.SkipList + ServerMemory.Table + ServerMemory.Places(Elements);
                break;
            case ServerEncoding.Stream:
                AddStreamEntry();
                EndStreamNode();
                _bytes += StreamBytes;
                break;
            default:
                break;
        }
    }

    private void Add(ElementRole role, long length, long? number)
    {
        Elements += role is ElementRole.ListElement or ElementRole.SetMember or ElementRole.SortedSetMember or ElementRole.HashField ? 1 : 0;
        switch (Encoding)
        {
            case ServerEncoding.Hashtable:
                _bytes += ServerMemory.Text(length) + role switch
                {
                    ElementRole.HashValue => 0,
                    ElementRole.SetMember when HasBareMembers => ServerMemory.MemberEntry,
                    _ => ServerMemory.TableEntry,
                };
                break;
            case ServerEncoding.Skiplist:
                _bytes += ServerMemory.Text(length) + ServerMemory.TableEntry + ServerMemory.SkipListNode;
                break;
            case ServerEncoding.Listpack:
                _packedBytes += PackedBytes(length, number);
                break;
            case ServerEncoding.Quicklist:
                AddToList(PackedBytes(length, number));
                break;
            case ServerEncoding.Intset:
                _numberBytes = Math.Max(_numberBytes, WidthOf(number ?? 0));
                break;
            case ServerEncoding.Stream:
                _fieldBytes += role == ElementRole.StreamField ? PackedBytes(length, number) : 0;
                _valueBytes += role == ElementRole.StreamValue ? PackedBytes(length, number) : 0;
                break;
            default:
                AddString(length, number);
                break;
        }
    }

    private static long PackedBytes(long length, long? number) =>
        number is { } known ? ServerMemory.ListpackNumber(known) : ServerMemory.ListpackText(length);

    private static int WidthOf(long number) => number switch
    {
        >= short.MinValue and <= short.MaxValue => sizeof(short),
        >= int.MinValue and <= int.MaxValue => sizeof(int),
        _ => sizeof(long),
    };

    /// <summary>The number whose one way to write it is this text.</summary>
    private static long? NumberOf(ReadOnlySpan<byte> text)
    {
        const int MostDigits = 20;
        bool mayBe = text.Length is > 0 and <= MostDigits
            && (text[0] is >= (byte)'1' and <= (byte)'9' || text is [(byte)'0'] || (text[0] == '-' && text.Length > 1 && text[1] is >= (byte)'1' and <= (byte)'9'));
        return mayBe && Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length ? number : null;
    }

    private void AddString(long length, long? number)
    {
        if (number is not null)
        {
            Encoding = ServerEncoding.Int;
        }
        else if (length <= ServerMemory.LongestEmbedded)
        {
            const int Header = 4;
            Encoding = ServerEncoding.Embstr;
            _bytes = ServerMemory.Allocated(ServerMemory.Object + Header + length);
        }
        else
        {
            _bytes += ServerMemory.Text(length);
        }
    }

    private void AddToList(long bytes)
    {
        if (_packedBytes > 0 && _packedBytes + bytes > ServerMemory.QuicklistNodeBytes)
        {
            EndListNode();
        }

        _packedBytes += bytes;
    }

    private void EndListNode()
    {
        if (_packedBytes > 0)
        {
            _bytes += ServerMemory.QuicklistNode + ServerMemory.Allocated(_packedBytes + ServerMemory.ListpackOverhead);
            _packedBytes = 0;
        }
    }

    /// <summary>Puts the entry that has come whole into its node.</summary>
    private void AddStreamEntry()
    {
        if (_entryFields < 0)
        {
            return;
        }

        if (_nodeEntries == StreamNodeMostEntries || (_nodeEntries > 0 && _packedBytes + _fieldBytes + _valueBytes > StreamNodeMostBytes))
        {
            EndStreamNode();
        }

        // The first entry of a node writes its fields; others with the same ones, as far as their number tells, do not.
        bool isFirst = _nodeEntries == 0;
        _packedBytes += StreamEntryBytes + _valueBytes + (isFirst || _entryFields != _nodeFields ? _fieldBytes : 0);
        _nodeFields = isFirst ? _entryFields : _nodeFields;
        _nodeEntries++;
        _fieldBytes = 0;
        _valueBytes = 0;
    }

    private void EndStreamNode()
    {
        if (_nodeEntries > 0)
        {
            _bytes += StreamNodeBytes + ServerMemory.Allocated(_packedBytes + ServerMemory.ListpackOverhead);
            _packedBytes = 0;
            _nodeEntries = 0;
        }
    }
}
