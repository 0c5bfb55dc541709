using System.Buffers;
using System.Globalization;
using System.Text;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Turns a collection's elements, as they are decoded, into the commands that put it together under a key, many elements to a command. What
/// has gathered is taken and let go with <see cref="Release"/>, at any moment: a text that streams may lie on both sides.
/// </summary>
/// <remarks>
/// Memory: what one push of the decoder gives, a group of up to <see cref="GroupBytes"/>, a member of a sorted set or a field's name whole, and of
/// streams <see cref="StreamCommands"/>'s.
/// </remarks>
internal sealed class ElementCommands : ElementHandler
{
    /// <summary>A command with more bytes than this takes no further element.</summary>
    private const int GroupBytes = 32 * 1024;
    private const int GroupArguments = 1_024;

    private readonly byte[] _key;
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _group = new();
    private readonly ArrayBufferWriter<byte> _expiries = new();
    private readonly ArrayBufferWriter<byte> _held = new();
    private readonly StreamCommands _stream;

    private byte[] _verb = [];
    private int _groupArguments;
    private int _expiryCommands;
    private int _ended;
    private ElementRole _role;
    private bool _isWithinText;

    /// <param name="key">What is filled; it does not exist yet.</param>
    public ElementCommands(ReadOnlyMemory<byte> key, TargetFormats formats)
    {
        _key = key.ToArray();
        _stream = new StreamCommands(_key, _output, formats);
    }

    /// <summary>What has gathered, in the order in which it is to run.</summary>
    public CommandPart Part => new(_output.WrittenMemory, _ended + _stream.Ended, _isWithinText || _stream.IsWithinEntry);

    /// <summary>Fields expire: the key may be gone before it is whole.</summary>
    public bool MayVanish { get; private set; }

    public void Release()
    {
        _output.ResetWrittenCount();
        _ended = 0;
        _stream.Release();
    }

    public override void OnText(ElementRole role, ReadOnlySpan<byte> text)
    {
        switch (role)
        {
            case ElementRole.ListElement:
                AddToGroup("RPUSH"u8, text);
                break;
            case ElementRole.SetMember:
                AddToGroup("SADD"u8, text);
                break;
            case ElementRole.SortedSetMember or ElementRole.HashField:
                Hold(text);
                break;
            case ElementRole.HashValue:
                AddToGroup("HSET"u8, _held.WrittenSpan, text);
                break;
            default:
                _stream.AddText(text);
                break;
        }
    }

    /// <summary>A text that is too long to be gathered has a command for itself, which is begun before it has come.</summary>
    public override void OnTextStart(ElementRole role, long lengthBytes)
    {
        _role = role;
        EndGroup();
        switch (role)
        {
            case ElementRole.SortedSetMember or ElementRole.HashField:
                // What belongs to it comes first in its command, or is needed once more.
                _held.ResetWrittenCount();
                break;
            case ElementRole.HashValue:
                _isWithinText = true;
                BeginCommand("HSET"u8, 4);
                _output.WriteBulk(_held.WrittenSpan);
                _output.WriteBulkHeader(lengthBytes);
                break;
            default:
                _isWithinText = true;
                BeginCommand(role == ElementRole.ListElement ? "RPUSH"u8 : "SADD"u8, 3);
                _output.WriteBulkHeader(lengthBytes);
                break;
        }
    }

    public override void OnTextPart(ReadOnlySpan<byte> part)
    {
        if (_role is ElementRole.SortedSetMember or ElementRole.HashField)
        {
            _held.Write(part);
        }
        else
        {
            _output.Write(part);
        }
    }

    public override void OnTextEnd()
    {
        if (_role is not (ElementRole.SortedSetMember or ElementRole.HashField))
        {
            _output.WriteBulkEnd();
            _isWithinText = false;
            _ended++;
        }
    }

    public override void OnScore(double score) => AddToGroup("ZADD"u8, Text(score), _held.WrittenSpan);

    public override void OnFieldExpiry(long expireAtMilliseconds)
    {
        // After the command that makes the field. A time that has passed removes it at once.
        _expiries.WriteArrayHeader(6);
        _expiries.WriteBulk("HPEXPIREAT"u8);
        _expiries.WriteBulk(_key);
        _expiries.WriteBulk(expireAtMilliseconds);
        _expiries.WriteBulk("FIELDS"u8);
        _expiries.WriteBulk(1);
        _expiries.WriteBulk(_held.WrittenSpan);
        _expiryCommands++;
        MayVanish = true;
        if (_groupArguments == 0 || _expiries.WrittenCount > GroupBytes)
        {
            EndGroup();
        }
    }

    public override void OnStreamEntry(StreamId id, long fields) => _stream.BeginEntry(id, fields);

    public override void OnStream(in StreamState state) => _stream.AddState(state);

    public override void OnGroup(ReadOnlySpan<byte> name, StreamId lastId, long entriesRead) => _stream.AddGroup(name, lastId, entriesRead);

    public override void OnPendingEntry(StreamId id, long deliveredAtMilliseconds, long deliveries) =>
        _stream.AddPending(id, deliveredAtMilliseconds, deliveries);

    public override void OnConsumer(ReadOnlySpan<byte> name, long seenAtMilliseconds, long activeAtMilliseconds) => _stream.AddConsumer(name);

    public override void OnConsumerPendingEntry(StreamId id) => _stream.Claim(id);

    public override void OnValueEnd() => EndGroup();

    private static byte[] Text(double score) => Encoding.ASCII.GetBytes(score switch
    {
        double.PositiveInfinity => "+inf",
        double.NegativeInfinity => "-inf",
        _ => score.ToString("R", CultureInfo.InvariantCulture),
    });

    private void Hold(ReadOnlySpan<byte> text)
    {
        _held.ResetWrittenCount();
        _held.Write(text);
    }

    private void AddToGroup(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> first)
    {
        BeginGroup(verb);
        _group.WriteBulk(first);
        _groupArguments++;
        EndFullGroup();
    }

    private void AddToGroup(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        BeginGroup(verb);
        _group.WriteBulk(first);
        _group.WriteBulk(second);
        _groupArguments += 2;
        EndFullGroup();
    }

    private void BeginGroup(ReadOnlySpan<byte> verb)
    {
        if (_groupArguments == 0 && !_verb.AsSpan().SequenceEqual(verb))
        {
            _verb = verb.ToArray();
        }
    }

    private void EndFullGroup()
    {
        if (_group.WrittenCount >= GroupBytes || _groupArguments >= GroupArguments)
        {
            EndGroup();
        }
    }

    private void EndGroup()
    {
        if (_groupArguments > 0)
        {
            BeginCommand(_verb, 2 + _groupArguments);
            _output.Write(_group.WrittenSpan);
            _group.ResetWrittenCount();
            _groupArguments = 0;
            _ended++;
        }

        _output.Write(_expiries.WrittenSpan);
        _ended += _expiryCommands;
        _expiries.ResetWrittenCount();
        _expiryCommands = 0;
    }

    private void BeginCommand(ReadOnlySpan<byte> verb, int arguments)
    {
        _output.WriteArrayHeader(arguments);
        _output.WriteBulk(verb);
        _output.WriteBulk(_key);
    }
}
