namespace CacheBackup.Core.Rdb;

/// <summary>
/// Decodes the nodes of a stream: a node's key is the id that its entries count from; its listpack holds a count of live and of deleted entries, a
/// list of fields that entries may share, and the entries, each with a count of its own parts at its end.
/// </summary>
internal sealed class StreamNodeDecoder(ElementHandler handler)
{
    private const long DeletedFlag = 1;
    private const long SameFieldsFlag = 2;

    private StreamId _nodeId;
    private bool _hasEntries;

    /// <summary>Live entries so far.</summary>
    public long Entries { get; private set; }

    /// <summary>The first live entry's id; zero: none.</summary>
    public StreamId FirstId { get; private set; }

    /// <summary>The last entry's id, deleted ones included; zero: none.</summary>
    public StreamId LastId { get; private set; }

    public void Begin()
    {
        Entries = 0;
        FirstId = default;
        LastId = default;
        _hasEntries = false;
    }

    public void BeginNode(ReadOnlySpan<byte> key, long offsetBytes)
    {
        if (key.Length != StreamId.SizeBytes)
        {
            throw Bad(offsetBytes, "The key of a stream's node is not an id");
        }

        _nodeId = StreamId.Read(key);
    }

    public void Decode(ReadOnlySpan<byte> blob, long offsetBytes)
    {
        var reader = new ListpackReader(blob, offsetBytes);
        long live = ReadNumber(ref reader, offsetBytes);
        long deleted = ReadNumber(ref reader, offsetBytes);
        long sharedFields = ReadNumber(ref reader, offsetBytes);

        // Each is at least one byte of the listpack.
        if (live < 0 || deleted < 0 || sharedFields < 0 || live > blob.Length || deleted > blob.Length || sharedFields > blob.Length)
        {
            throw Bad(offsetBytes, "A stream's node counts what it cannot hold");
        }

        var fields = reader;
        Skip(ref reader, sharedFields);
        if (ReadNumber(ref reader, offsetBytes) != 0)
        {
            throw Bad(offsetBytes, "A stream's node lacks the mark after its fields");
        }

        long deletedSeen = 0;
        for (long left = live + deleted; left > 0; left--)
        {
            deletedSeen += DecodeEntry(ref reader, fields, sharedFields, offsetBytes) ? 1 : 0;
        }

        if (reader.TryRead(out _) || deletedSeen != deleted)
        {
            throw Bad(offsetBytes, "A stream's node holds other entries than it counts");
        }
    }

    private static RdbFormatException Bad(long offsetBytes, string message) => new(RdbError.BadStream, offsetBytes, message);

    private static long ReadNumber(ref ListpackReader reader, long offsetBytes) =>
        reader.Read().TryGetNumber(out long number) ? number : throw Bad(offsetBytes, "A number in a stream's node is not one");

    private static void Skip(ref ListpackReader reader, long entries)
    {
        for (; entries > 0; entries--)
        {
            reader.Read();
        }
    }

    /// <summary>True if the entry is marked deleted; then it is only checked.</summary>
    private bool DecodeEntry(ref ListpackReader reader, ListpackReader sharedFields, long sharedCount, long offsetBytes)
    {
        long flags = ReadNumber(ref reader, offsetBytes);
        var id = ReadId(ref reader, offsetBytes);
        bool isShared = (flags & SameFieldsFlag) != 0;
        bool isDeleted = (flags & DeletedFlag) != 0;
        long fields = isShared ? sharedCount : ReadNumber(ref reader, offsetBytes);
        if (fields < 0 || fields > int.MaxValue)
        {
            throw Bad(offsetBytes, "An entry of a stream counts what it cannot hold");
        }

        if (isDeleted)
        {
            Skip(ref reader, isShared ? fields : fields * 2);
        }
        else
        {
            EmitEntry(ref reader, sharedFields, isShared, id, fields);
        }

        // An entry states how many parts it has, so that it can be read backwards.
        long parts = isShared ? fields + 3 : (fields * 2) + 4;
        if (ReadNumber(ref reader, offsetBytes) != parts)
        {
            throw Bad(offsetBytes, "An entry of a stream does not have the parts that it counts");
        }

        return isDeleted;
    }

    private StreamId ReadId(ref ListpackReader reader, long offsetBytes)
    {
        var id = new StreamId(
            unchecked(_nodeId.Milliseconds + (ulong)ReadNumber(ref reader, offsetBytes)),
            unchecked(_nodeId.Sequence + (ulong)ReadNumber(ref reader, offsetBytes)));
        if (_hasEntries && id <= LastId)
        {
            throw Bad(offsetBytes, "Entries of a stream occur twice or out of order");
        }

        _hasEntries = true;
        LastId = id;
        return id;
    }

    private void EmitEntry(ref ListpackReader reader, ListpackReader sharedFields, bool isShared, StreamId id, long fields)
    {
        if (Entries++ == 0)
        {
            FirstId = id;
        }

        handler.OnStreamEntry(id, fields);
        Span<byte> digits = stackalloc byte[EncodedEntry.MaxNumberBytes];
        for (; fields > 0; fields--)
        {
            var field = isShared ? sharedFields.Read() : reader.Read();
            handler.OnText(ElementRole.StreamField, field.AsText(digits));
            handler.OnText(ElementRole.StreamValue, reader.Read().AsText(digits));
        }
    }
}
