using System.Buffers.Binary;
using System.IO.Hashing;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Makes a stream's entries, state, groups and pending entries out of what a walk meets, and checks that they fit together.
/// (valkey <c>src/rdb.c</c> and <c>src/t_stream.c</c>.)
/// </summary>
internal sealed class StreamDecoder(ElementHandler handler, ValueDecoderOptions options)
{
    private readonly DuplicateFinder _groupNames = new(options.DuplicateCheckElements);
    private readonly DuplicateFinder _consumerNames = new(options.DuplicateCheckElements);
    private readonly StreamNodeDecoder _nodes = new(handler);

    private bool _hasCounters;
    private bool _hasActiveTime;
    private StreamState _state;
    private ulong _milliseconds;

    private byte[] _name = [];
    private StreamId _groupLastId;

    private StreamId? _previousPending;
    private StreamId _pendingId;
    private long _pendingTime;
    private long _seenTime;
    private long _activeTime;

    // Every pending entry must be exactly one consumer's: the hashes of the group's ids, minus those of its consumers' ids, are zero in the end.
    private UInt128 _unowned;
    private long _unownedCount;

    public void Begin(RdbType type)
    {
        _hasCounters = type is RdbType.Stream2 or RdbType.Stream3 && !options.IgnoreStreamCounters;
        _hasActiveTime = type == RdbType.Stream3;
        _state = default;
        _unowned = UInt128.Zero;
        _unownedCount = 0;
        _nodes.Begin();
        _groupNames.Clear();
    }

    public void OnText(ValueStep step, ReadOnlySpan<byte> text, long offsetBytes)
    {
        switch (step)
        {
            case ValueStep.StreamNodeKey:
                _nodes.BeginNode(text, offsetBytes);
                break;
            case ValueStep.StreamNodeEntries:
                _nodes.Decode(text, offsetBytes);
                break;
            case ValueStep.GroupName:
                RequireOwned(offsetBytes);
                BeginName(_groupNames, text, offsetBytes);
                _consumerNames.Clear();
                break;
            default:
                BeginName(_consumerNames, text, offsetBytes);
                break;
        }
    }

    public void OnNumber(ValueStep step, ulong number, long offsetBytes)
    {
        switch (step)
        {
            case ValueStep.StreamLength:
                _state = _state with { Length = _nodes.Entries, FirstId = _nodes.FirstId };
                if (number != (ulong)_nodes.Entries)
                {
                    throw Bad(offsetBytes, "A stream's length is not the number of its entries");
                }

                break;
            case ValueStep.StreamLastMilliseconds or ValueStep.StreamFirstMilliseconds or ValueStep.StreamMaxDeletedMilliseconds
                or ValueStep.GroupLastMilliseconds:
                _milliseconds = number;
                break;
            case ValueStep.StreamLastSequence:
                _state = _state with { LastId = new StreamId(_milliseconds, number) };
                RequireLast(offsetBytes);
                break;
            case ValueStep.StreamMaxDeletedSequence when _hasCounters:
                _state = _state with { MaxDeletedId = new StreamId(_milliseconds, number) };
                break;
            case ValueStep.StreamEntriesAdded when _hasCounters:
                _state = _state with { EntriesAdded = number };
                break;
            case ValueStep.StreamGroupCount:
                EndEntries();
                break;
            default:
                OnGroupNumber(step, number, offsetBytes);
                break;
        }
    }

    public void OnFixed(ValueStep step, ReadOnlySpan<byte> bytes, long offsetBytes)
    {
        switch (step)
        {
            case ValueStep.PendingId:
                _pendingId = StreamId.Read(bytes);
                Own(_pendingId, 1, offsetBytes);
                break;
            case ValueStep.PendingTime:
                _pendingTime = BinaryPrimitives.ReadInt64LittleEndian(bytes);
                break;
            case ValueStep.ConsumerSeenTime:
                _seenTime = BinaryPrimitives.ReadInt64LittleEndian(bytes);
                _activeTime = _seenTime;
                break;
            case ValueStep.ConsumerActiveTime:
                _activeTime = BinaryPrimitives.ReadInt64LittleEndian(bytes);
                break;
            default:
                var id = StreamId.Read(bytes);
                Own(id, -1, offsetBytes);
                handler.OnConsumerPendingEntry(id);
                break;
        }
    }

    public void Complete(long offsetBytes) => RequireOwned(offsetBytes);

    private static RdbFormatException Bad(long offsetBytes, string message) => new(RdbError.BadStream, offsetBytes, message);

    private void OnGroupNumber(ValueStep step, ulong number, long offsetBytes)
    {
        switch (step)
        {
            case ValueStep.GroupLastSequence:
                _groupLastId = new StreamId(_milliseconds, number);
                if (!_hasCounters)
                {
                    handler.OnGroup(_name, _groupLastId, EstimateEntriesRead(_groupLastId));
                }

                break;
            case ValueStep.GroupEntriesRead when _hasCounters:
                handler.OnGroup(_name, _groupLastId, (long)number);
                break;
            case ValueStep.GroupPendingCount:
                _previousPending = null;
                break;
            case ValueStep.PendingDeliveries:
                handler.OnPendingEntry(_pendingId, _pendingTime, (long)Math.Min(number, long.MaxValue));
                break;
            case ValueStep.ConsumerPendingCount:
                _previousPending = null;
                handler.OnConsumer(_name, _seenTime, _activeTime);
                break;
        }
    }

    private void BeginName(DuplicateFinder names, ReadOnlySpan<byte> name, long offsetBytes)
    {
        if (!names.TryAdd(name))
        {
            throw new RdbFormatException(RdbError.DuplicateElement, offsetBytes, "A group or consumer of a stream occurs twice");
        }

        _name = name.ToArray();
    }

    /// <summary>The last id is at least that of the last entry.</summary>
    private void RequireLast(long offsetBytes)
    {
        if (_nodes.LastId > _state.LastId)
        {
            throw Bad(offsetBytes, "A stream's last id lies before its last entry");
        }
    }

    private void EndEntries()
    {
        if (!_hasCounters)
        {
            // What a server assumes when it loads a stream of that age.
            _state = _state with { EntriesAdded = (ulong)_state.Length };
        }

        handler.OnStream(_state);
    }

    /// <summary>
    /// How many entries a group has read, where the encoding does not tell: a server derives it for the ids at which it is certain.
    /// </summary>
    private long EstimateEntriesRead(StreamId lastRead)
    {
        const long Unknown = -1;
        long added = (long)_state.EntriesAdded;
        if (added == 0)
        {
            return 0;
        }

        // Entries added equals the length here, and nothing was deleted that the server knows of.
        return lastRead.CompareTo(_state.LastId) switch
        {
            0 => added,
            > 0 => Unknown,
            _ => lastRead.CompareTo(_state.FirstId) switch
            {
                < 0 => 0,
                0 => 1,
                _ => Unknown,
            },
        };
    }

    /// <summary>Adds an entry to the pending ones of the group (1), or takes it away for a consumer (−1).</summary>
    private void Own(StreamId id, int count, long offsetBytes)
    {
        if (_previousPending >= id)
        {
            throw Bad(offsetBytes, "Pending entries of a stream's group occur twice or out of order");
        }

        _previousPending = id;
        _unownedCount += count;
        Span<byte> bytes = stackalloc byte[StreamId.SizeBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id.Milliseconds);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], id.Sequence);
        var hash = XxHash128.HashToUInt128(bytes);
        _unowned = unchecked(count > 0 ? _unowned + hash : _unowned - hash);
    }

    private void RequireOwned(long offsetBytes)
    {
        if (_unowned != UInt128.Zero || _unownedCount != 0)
        {
            throw Bad(offsetBytes, "A stream's group and its consumers disagree on what is pending");
        }
    }
}
