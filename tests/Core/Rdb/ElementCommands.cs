using System.Globalization;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>Turns decoded elements into the plainest commands that make the same value: no RESTORE, nothing of how it was stored.</summary>
internal sealed class ElementCommands(List<RespArgument[]> commands) : ElementHandler
{
    private readonly StreamCommands _stream = new(commands);
    private readonly List<byte> _parts = [];
    private ElementRole _role;
    private byte[] _key = [];
    private byte[] _last = [];
    private bool _isStream;

    /// <summary>The key of the value that comes next.</summary>
    public void Begin(ReadOnlySpan<byte> key) => _key = key.ToArray();

    public override void OnValueStart(RdbType type)
    {
        _isStream = type is RdbType.Stream or RdbType.Stream2 or RdbType.Stream3;
        if (_isStream)
        {
            _stream.Begin(_key);
        }
        else if (type == RdbType.Module2)
        {
            throw new NotSupportedException("Only its module can make such a value.");
        }
    }

    public override void OnText(ElementRole role, ReadOnlySpan<byte> text)
    {
        byte[] bytes = text.ToArray();
        switch (role)
        {
            case ElementRole.StringValue:
                commands.Add(["SET", _key, bytes]);
                break;
            case ElementRole.ListElement:
                commands.Add(["RPUSH", _key, bytes]);
                break;
            case ElementRole.SetMember:
                commands.Add(["SADD", _key, bytes]);
                break;
            case ElementRole.HashValue:
                commands.Add(["HSET", _key, _last, bytes]);
                break;
            case ElementRole.StreamField or ElementRole.StreamValue:
                _stream.OnText(bytes);
                break;
            default:
                // A field or a member: what belongs to it comes next.
                _last = bytes;
                break;
        }
    }

    public override void OnTextStart(ElementRole role, long lengthBytes)
    {
        _role = role;
        _parts.Clear();
    }

    public override void OnTextPart(ReadOnlySpan<byte> part) => _parts.AddRange(part);

    public override void OnTextEnd() => OnText(_role, [.. _parts]);

    public override void OnScore(double score)
    {
        string text = score.ToString("R", CultureInfo.InvariantCulture).Replace("Infinity", "inf", StringComparison.Ordinal);
        commands.Add(["ZADD", _key, text, _last]);
    }

    public override void OnFieldExpiry(long expireAtMilliseconds) =>
        commands.Add(["HPEXPIREAT", _key, expireAtMilliseconds, "FIELDS", 1, _last]);

    public override void OnStreamEntry(StreamId id, long fields) => _stream.OnEntry(id);

    public override void OnStream(in StreamState state) => _stream.OnState(state);

    public override void OnGroup(ReadOnlySpan<byte> name, StreamId lastId, long entriesRead) =>
        _stream.OnGroup(name.ToArray(), lastId, entriesRead);

    public override void OnPendingEntry(StreamId id, long deliveredAtMilliseconds, long deliveries) =>
        _stream.OnPending(id, deliveredAtMilliseconds, deliveries);

    public override void OnConsumer(ReadOnlySpan<byte> name, long seenAtMilliseconds, long activeAtMilliseconds) =>
        _stream.OnConsumer(name.ToArray());

    public override void OnConsumerPendingEntry(StreamId id) => _stream.OnClaim(id);

    public override void OnValueEnd()
    {
        if (_isStream)
        {
            _stream.End();
        }
    }
}
