using System.Buffers.Binary;
using System.IO.Hashing;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Digests elements as they are decoded. Members and fields are hashed each on its own and added up, so that their order does not count; that of
/// a sorted set follows from its scores. Elements of lists and parts of streams are chained, so that it does.
/// </summary>
internal sealed class ElementDigest : ElementHandler
{
    // Odd, so that chaining loses nothing: the first 128 bits of the fraction of the golden ratio.
    private static readonly UInt128 Chain = new(0x9e3779b97f4a7c15, 0xf39cc0605cedc835);

    private readonly XxHash128 _parts = new();
    private readonly XxHash128 _module = new();

    private ValueFamily _family;
    private long _count;
    private UInt128 _state;

    private ElementRole _role;
    private UInt128 _member;
    private UInt128 _value;
    private long _fieldExpiry;
    private bool _hasField;

    public override void OnValueStart(RdbType type)
    {
        _family = type.Family();
        _count = 0;
        _state = UInt128.Zero;
        _hasField = false;
        if (_family == ValueFamily.Module)
        {
            _module.Reset();
        }
    }

    public override void OnText(ElementRole role, ReadOnlySpan<byte> text) => Add(role, XxHash128.HashToUInt128(text));

    public override void OnTextStart(ElementRole role, long lengthBytes)
    {
        _role = role;
        _parts.Reset();
    }

    public override void OnTextPart(ReadOnlySpan<byte> part) => _parts.Append(part);

    public override void OnTextEnd() => Add(_role, _parts.GetCurrentHashAsUInt128());

    public override void OnScore(double score)
    {
        // Packed encodings do not keep the sign of a zero, and commands take both zeros for one: adding zero makes them one.
        AddUnordered(Mix(_member, UInt128.Zero, BitConverter.DoubleToInt64Bits(score + 0.0)));
    }

    public override void OnFieldExpiry(long expireAtMilliseconds) => _fieldExpiry = expireAtMilliseconds;

    public override void OnStreamEntry(StreamId id, long fields) => AddOrdered('e', id, fields);

    public override void OnStream(in StreamState state)
    {
        // The first id follows from the entries.
        AddOrdered('s', state.LastId, state.Length);
        AddOrdered('d', state.MaxDeletedId, (long)state.EntriesAdded);
    }

    public override void OnGroup(ReadOnlySpan<byte> name, StreamId lastId, long entriesRead)
    {
        AddOrdered(XxHash128.HashToUInt128(name));
        AddOrdered('g', lastId, entriesRead);
    }

    public override void OnPendingEntry(StreamId id, long deliveredAtMilliseconds, long deliveries)
    {
        AddOrdered('p', id, deliveredAtMilliseconds);
        AddOrdered('n', default, deliveries);
    }

    public override void OnConsumer(ReadOnlySpan<byte> name, long seenAtMilliseconds, long activeAtMilliseconds)
    {
        // When it was seen and active is left out: looking at it changes that.
        AddOrdered(XxHash128.HashToUInt128(name));
        AddOrdered('c', default, 0);
    }

    public override void OnConsumerPendingEntry(StreamId id) => AddOrdered('o', id, 0);

    public override void OnModuleData(ReadOnlySpan<byte> data) => _module.Append(data);

    /// <summary>The digest of the value that has ended.</summary>
    public ValueDigest ToDigest()
    {
        EndField();
        if (_family == ValueFamily.Module)
        {
            AddOrdered(_module.GetCurrentHashAsUInt128());
        }

        return new ValueDigest(Mix(_state, (UInt128)(byte)_family, _count));
    }

    private static UInt128 Mix(UInt128 a, UInt128 b, long c)
    {
        Span<byte> bytes = stackalloc byte[40];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, a);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], b);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], c);
        return XxHash128.HashToUInt128(bytes);
    }

    private void Add(ElementRole role, UInt128 hash)
    {
        switch (role)
        {
            case ElementRole.SetMember:
                AddUnordered(hash);
                break;
            case ElementRole.SortedSetMember:
                _member = hash;
                break;
            case ElementRole.HashField:
                EndField();
                _member = hash;
                break;
            case ElementRole.HashValue:
                _value = hash;
                _fieldExpiry = -1;
                _hasField = true;
                break;
            default:
                AddOrdered(hash);
                break;
        }
    }

    /// <summary>A field is complete when the next begins: only then is it known whether it expires.</summary>
    private void EndField()
    {
        if (_hasField)
        {
            AddUnordered(Mix(_member, _value, _fieldExpiry));
            _hasField = false;
        }
    }

    private void AddUnordered(UInt128 hash)
    {
        _state = unchecked(_state + hash);
        _count++;
    }

    private void AddOrdered(UInt128 hash)
    {
        _state = unchecked((_state * Chain) + hash);
        _count++;
    }

    private void AddOrdered(char what, StreamId id, long number) =>
        AddOrdered(Mix(new UInt128(id.Milliseconds, id.Sequence), what, number));
}
