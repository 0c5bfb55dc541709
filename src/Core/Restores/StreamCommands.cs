using System.Buffers;
using System.Text;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;

namespace CacheBackup.Core.Restores;

/// <summary>
/// The commands that put a stream together: its entries with their ids, its state, its groups, and what is pending, each entry claimed for its
/// consumer with its time and count. Servers claim no entry that is not in the stream any more: what is pending of removed entries cannot be
/// said by commands. Memory: 32 bytes for each pending entry of one group.
/// </summary>
internal sealed class StreamCommands(byte[] key, ArrayBufferWriter<byte> output, TargetFormats formats)
{
    private readonly List<Pending> _pending = [];
    private byte[] _group = [];
    private byte[] _consumer = [];
    private long _textsLeft;

    /// <summary>Commands that have ended since the last <see cref="Release"/>.</summary>
    public int Ended { get; private set; }

    /// <summary>An entry's command lacks some of its texts.</summary>
    public bool IsWithinEntry => _textsLeft > 0;

    public void Release() => Ended = 0;

    public void BeginEntry(StreamId id, long fields)
    {
        _textsLeft = 2 * fields;
        output.WriteArrayHeader(checked(3 + (int)_textsLeft));
        output.WriteBulk("XADD"u8);
        output.WriteBulk(key);
        output.WriteBulk(Text(id));
    }

    public void AddText(ReadOnlySpan<byte> text)
    {
        output.WriteBulk(text);
        Ended += --_textsLeft == 0 ? 1 : 0;
    }

    public void AddState(in StreamState state)
    {
        if (state.Length == 0)
        {
            // A stream is made by an entry, which goes at once.
            StreamId id = state.LastId == default ? new StreamId(0, 1) : state.LastId;
            Write("XADD", "MAXLEN", 0, Text(id), "x", "y");
        }

        if (formats.HasStreamCounters)
        {
            Write("XSETID", Text(state.LastId), "ENTRIESADDED", (long)state.EntriesAdded, "MAXDELETEDID", Text(state.MaxDeletedId));
        }
        else
        {
            Write("XSETID", Text(state.LastId));
        }
    }

    public void AddGroup(ReadOnlySpan<byte> name, StreamId lastId, long entriesRead)
    {
        _group = name.ToArray();
        _pending.Clear();
        if (formats.HasStreamCounters)
        {
            WriteGroup("CREATE", _group, Text(lastId), "ENTRIESREAD", entriesRead);
        }
        else
        {
            WriteGroup("CREATE", _group, Text(lastId));
        }
    }

    /// <summary>Ids ascend.</summary>
    public void AddPending(StreamId id, long deliveredAtMilliseconds, long deliveries) =>
        _pending.Add(new Pending(id, deliveredAtMilliseconds, deliveries));

    public void AddConsumer(ReadOnlySpan<byte> name)
    {
        _consumer = name.ToArray();
        if (formats.Version.IsAtLeast(6, 2))
        {
            WriteGroup("CREATECONSUMER", _group, _consumer);
        }
    }

    /// <summary>Gives the consumer that was added last one of the group's pending entries.</summary>
    public void Claim(StreamId id)
    {
        int place = _pending.BinarySearch(new Pending(id, 0, 0));
        if (place < 0)
        {
            // The decoder has matched both lists, and tells at the value's end if they differ.
            return;
        }

        Pending entry = _pending[place];
        Write("XCLAIM", _group, _consumer, 0, Text(id), "TIME", entry.Milliseconds, "RETRYCOUNT", entry.Deliveries, "FORCE", "JUSTID");
    }

    private static byte[] Text(StreamId id) => Encoding.ASCII.GetBytes(id.ToString());

    private void Write(string verb, params ReadOnlySpan<RespArgument> arguments)
    {
        new RespCommand(verb, [key, .. arguments]).WriteTo(output);
        Ended++;
    }

    private void WriteGroup(string what, params ReadOnlySpan<RespArgument> arguments) => Write($"XGROUP {what}", arguments);

    private readonly record struct Pending(StreamId Id, long Milliseconds, long Deliveries) : IComparable<Pending>
    {
        public int CompareTo(Pending other) => Id.CompareTo(other.Id);
    }
}
