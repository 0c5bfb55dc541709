using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>
/// The commands that make a stream. It is gathered whole first: entries that are pending and no longer in the stream must have been in it
/// to be claimed, and are added and deleted again; the counters come last, when nothing changes them any more.
/// </summary>
internal sealed class StreamCommands(List<RespArgument[]> commands)
{
    private readonly SortedDictionary<StreamId, List<RespArgument>> _entries = [];
    private readonly Dictionary<StreamId, (long Time, long Deliveries)> _pending = [];
    private readonly HashSet<StreamId> _gone = [];
    private readonly List<RespArgument[]> _groups = [];
    private byte[] _key = [];
    private byte[] _group = [];
    private byte[] _consumer = [];
    private List<RespArgument> _entry = [];
    private StreamState _state;

    public void Begin(byte[] key)
    {
        _key = key;
        _entries.Clear();
        _gone.Clear();
        _groups.Clear();
    }

    public void OnEntry(StreamId id) => _entries.Add(id, _entry = ["XADD", _key, id.ToString()]);

    public void OnText(byte[] text) => _entry.Add(text);

    public void OnState(in StreamState state) => _state = state;

    public void OnGroup(byte[] name, StreamId lastId, long entriesRead)
    {
        _group = name;
        _pending.Clear();
        _groups.Add(["XGROUP", "CREATE", _key, name, lastId.ToString(), "ENTRIESREAD", entriesRead]);
    }

    public void OnPending(StreamId id, long time, long deliveries)
    {
        _pending.Add(id, (time, deliveries));
        if (_entries.TryAdd(id, ["XADD", _key, id.ToString(), "gone", "gone"]))
        {
            _gone.Add(id);
        }
    }

    public void OnConsumer(byte[] name)
    {
        _consumer = name;
        _groups.Add(["XGROUP", "CREATECONSUMER", _key, _group, name]);
    }

    public void OnClaim(StreamId id) => _groups.Add(
    [
        "XCLAIM", _key, _group, _consumer, 0, id.ToString(), "TIME", _pending[id].Time, "RETRYCOUNT", _pending[id].Deliveries,
        "FORCE", "JUSTID",
    ]);

    public void End()
    {
        if (_entries.Count == 0)
        {
            // Only a group makes a stream without entries.
            commands.Add(["XGROUP", "CREATE", _key, "first", "0", "MKSTREAM"]);
            commands.Add(["XGROUP", "DESTROY", _key, "first"]);
        }

        commands.AddRange(_entries.Values.Select(entry => entry.ToArray()));
        commands.AddRange(_groups);
        commands.AddRange(_gone.Select(id => (RespArgument[])["XDEL", _key, id.ToString()]));
        commands.Add(
        [
            "XSETID", _key, _state.LastId.ToString(), "ENTRIESADDED", (long)_state.EntriesAdded, "MAXDELETEDID", _state.MaxDeletedId.ToString(),
        ]);
    }
}
