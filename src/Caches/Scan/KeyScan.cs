using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>
/// Takes the keys of one database: SCAN names them, and each is read with its expiry and what the server keeps of its use in one transaction, so
/// that no old value is paired with a new expiry. Everything is pipelined over one connection: while values arrive, the next are asked for.
/// <para>Where the slice is over nothing more is asked for, and what was asked for is still taken. Names that are left are forgotten: their page is asked
/// for again by the slice that follows, which knows what was taken of it.</para>
/// </summary>
internal sealed class KeyScan(
    RespConnection connection,
    ScanFile file,
    ScanGreeting greeting,
    ScanOptions options,
    ScanPace pace,
    RememberedKeys remembered,
    KeyHash hash,
    SliceLimit slice,
    PieceReading? pieces = null)
{
    private static readonly byte[] FirstCursor = "0"u8.ToArray();

    // Whoever owns all slots owns every key.
    private readonly bool[]? _owned = options.Slots is { } slots && slots != SlotSet.All ? slots.ToTable() : null;
    private readonly KeyFacts _facts = new(connection, greeting);
    private readonly ScanFileMark _begin = file.Mark;
    private readonly Queue<NamedKey> _named = new();
    private readonly Queue<ReadOnlyMemory<byte>[]?> _asked = new();
    private byte[] _cursor = FirstCursor;
    private int _inFlight;
    private bool _isScanAsked;
    private bool _isNamedWhole;
    private bool _isHalting;
    private bool _hasGoneOn;
    private bool _isAskedAgain;

    /// <summary>Keys that were gone when their value was asked for.</summary>
    public long Vanished { get; private set; }

    /// <summary>Keys that the server named again.</summary>
    public long Repeated { get; private set; }

    /// <summary>Keys of slots that the shard does not own.</summary>
    public long Foreign { get; private set; }

    /// <param name="database">Is selected.</param>
    /// <param name="from">Where another slice of the same process left; null: from the beginning.</param>
    /// <returns>Where to go on; null: the database is taken.</returns>
    public async Task<string?> RunAsync(int database, string? from, CancellationToken cancellationToken)
    {
        await SelectAsync(database, cancellationToken).ConfigureAwait(false);
        if (from is null)
        {
            pace.BeginDatabase();
        }

        _cursor = from is null ? FirstCursor : Encoding.ASCII.GetBytes(from);
        _isNamedWhole = false;
        _isAskedAgain = from is not null;
        while (true)
        {
            _isHalting = _isHalting || (_hasGoneOn && IsOver());
            if (!_isHalting)
            {
                await AskAsync(cancellationToken).ConfigureAwait(false);
            }

            if (!_asked.TryDequeue(out ReadOnlyMemory<byte>[]? group))
            {
                if (_isHalting || !IsNextLarge)
                {
                    return Leave(database);
                }

                await TakeLargeAsync(database, _named.Dequeue().Key, cancellationToken).ConfigureAwait(false);
            }
            else if (group is null)
            {
                await ReadNamesAsync(database, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await ReadGroupAsync(database, group, cancellationToken).ConfigureAwait(false);
                _inFlight -= group.Length;
                _hasGoneOn = true;
                await pace.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Nothing is asked for beside such a value, and none is taken before what was named before it: the file does not depend on where a slice ends.</summary>
    private bool IsNextLarge => _named.TryPeek(out NamedKey next) && next.IsLarge;

    /// <summary>With what is on its way, as far as that can be foreseen: the slice is to end where it was meant to.</summary>
    private bool IsOver() => slice.IsReached(
        file.Mark.Keys - _begin.Keys + _inFlight, file.Mark.Bytes - _begin.Bytes + (long)(_inFlight * pace.AverageBytes));

    private string? Leave(int database)
    {
        if (_named.Count == 0 && _isNamedWhole)
        {
            return null;
        }

        string cursor = Encoding.ASCII.GetString(_named.TryPeek(out NamedKey first) ? first.Page : _cursor);
        while (_named.TryDequeue(out NamedKey left))
        {
            remembered.TakeBack(hash.Of(database, left.Key.Span));
        }

        return cursor;
    }

    private async ValueTask SelectAsync(int database, CancellationToken cancellationToken)
    {
        if (connection.WriteSelect(database))
        {
            await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
            RespReply selected = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            if (!selected.IsOk)
            {
                throw connection.Refusal("SELECT", selected);
            }
        }
    }

    /// <summary>Keeps the server busy: half a window is left when the next half is asked for, and names come before they are needed.</summary>
    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        int window = pace.Window;
        if (_inFlight > window / 2 || IsNextLarge)
        {
            return;
        }

        // Before the values: behind them, the names would come when nothing is on its way any more, and the server would wait for us.
        if (!_isNamedWhole && !_isScanAsked && _named.Count < Math.Max(window, ScanOptions.KeysAtOnce))
        {
            connection.Write(new RespCommand("SCAN", _cursor, "COUNT", options.Count));
            _asked.Enqueue(null);
            _isScanAsked = true;
        }

        while (_named.Count > 0 && !IsNextLarge && _inFlight < window && (!IsOver() || (!_hasGoneOn && _inFlight == 0)))
        {
            ReadOnlyMemory<byte>[] group = TakeGroup(window - _inFlight);
            WriteGroup(group);
            _asked.Enqueue(group);
            _inFlight += group.Length;
        }

        if (connection.UnflushedBytes > 0)
        {
            await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Keys of one transaction: in cluster mode they are of one slot, and servers that keep keys by slot (7.4, Valkey 8) name them together.</summary>
    private ReadOnlyMemory<byte>[] TakeGroup(int room)
    {
        int most = Math.Min(Math.Min(ScanOptions.KeysAtOnce, room), _named.Count);
        var group = new List<ReadOnlyMemory<byte>>(most) { _named.Dequeue().Key };
        int? slot = greeting.IsInCluster ? KeySlot.Of(group[0].Span) : null;
        while (group.Count < most && !IsNextLarge && (slot is null || KeySlot.Of(_named.Peek().Key.Span) == slot))
        {
            group.Add(_named.Dequeue().Key);
        }

        return [.. group];
    }

    /// <summary>With nothing on its way: element by element if the value can be had so, else as every other.</summary>
    private async Task TakeLargeAsync(int database, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        switch (await pieces!.TakeAsync(database, key, cancellationToken).ConfigureAwait(false))
        {
            case PieceOutcome.Vanished:
                Vanished++;
                break;
            case PieceOutcome.Taken:
                // What may be on its way at a time has nothing to do with a value that never was.
                pace.Count((long)pace.AverageBytes);
                break;
            default:
                WriteGroup([key]);
                await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
                await ReadGroupAsync(database, [key], cancellationToken).ConfigureAwait(false);
                break;
        }

        _hasGoneOn = true;
        await pace.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ReadNamesAsync(int database, CancellationToken cancellationToken)
    {
        RespReply reply = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
        if (!reply.TryGetItems(out ReadOnlyMemory<RespReply> parts)
            || parts.Length != 2
            || !parts.Span[0].TryGetBytes(out ReadOnlyMemory<byte> cursor)
            || !parts.Span[1].TryGetItems(out ReadOnlyMemory<RespReply> names))
        {
            throw connection.Refusal("SCAN", reply);
        }

        byte[] page = _cursor;
        int named = _named.Count;
        _isScanAsked = false;
        _cursor = cursor.ToArray();
        _isNamedWhole = cursor.Span.SequenceEqual(FirstCursor);
        foreach (RespReply name in names.Span)
        {
            if (!name.TryGetBytes(out ReadOnlyMemory<byte> key))
            {
                throw connection.Refusal("SCAN", name);
            }

            if (_owned is not null && !_owned[KeySlot.Of(key.Span)])
            {
                Foreign += _isAskedAgain ? 0 : 1;
            }
            else if (remembered.TryAdd(hash.Of(database, key.Span)))
            {
                _named.Enqueue(new NamedKey(key, page, pieces is not null && options.Pieces!.IsMarked(key.Span)));
            }
            else if (!_isAskedAgain)
            {
                Repeated++;
            }
        }

        options.RequireRoomFor(remembered.Count);
        _isAskedAgain = false;
        _hasGoneOn |= _named.Count == named;
    }

    private void WriteGroup(ReadOnlyMemory<byte>[] group)
    {
        connection.BeginCommand(1).WriteBulk("MULTI"u8);
        if (_facts.NeedsClock)
        {
            _facts.WriteClock();
        }

        foreach (ReadOnlyMemory<byte> key in group)
        {
            if (_facts.HasAccess)
            {
                _facts.WriteAccess(key.Span);
            }

            _facts.WriteExpiry(key.Span);
            var dump = connection.BeginCommand(2);
            dump.WriteBulk("DUMP"u8);
            dump.WriteBulk(key.Span);
        }

        connection.BeginCommand(1).WriteBulk("EXEC"u8);
    }

    private async ValueTask ReadGroupAsync(int database, ReadOnlyMemory<byte>[] group, CancellationToken cancellationToken)
    {
        int expected = First + (group.Length * Each);
        await ReadQueuedAsync(expected, cancellationToken).ConfigureAwait(false);
        (long? elements, RespReply other) = await connection.ReadArrayHeadAsync(cancellationToken).ConfigureAwait(false);
        if (elements != expected)
        {
            throw connection.Refusal("EXEC", other);
        }

        long clock = _facts.NeedsClock ? _facts.ClockOf(await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false)) : 0;
        foreach (ReadOnlyMemory<byte> key in group)
        {
            RespReply access = _facts.HasAccess ? await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false) : RespReply.Nil;
            RespReply expiry = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            RespReplyHead dump = await connection.ReadHeadAsync(cancellationToken).ConfigureAwait(false);
            if (dump.Body is null)
            {
                Vanished += dump.Reply.IsNil ? 1 : throw connection.Refusal("DUMP", dump.Reply);
                pace.CountVanished();
                continue;
            }

            await file.WriteAsync(_facts.HeadOf(database, access, expiry, clock), key, dump, cancellationToken).ConfigureAwait(false);
            pace.Count(dump.LengthBytes);
        }
    }

    /// <summary>The answers to MULTI and to all that it queued. The first refusal among them is why EXEC will do nothing.</summary>
    private async ValueTask ReadQueuedAsync(int commands, CancellationToken cancellationToken)
    {
        RespReply begun = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
        if (!begun.IsOk)
        {
            throw connection.Refusal("MULTI", begun);
        }

        for (int i = 0; i < commands; i++)
        {
            i += connection.TakeRepeated(RespReplyReader.QueuedLine, commands - i);
            if (i == commands)
            {
                return;
            }

            RespReply queued = await connection.ReadReplyAsync(cancellationToken).ConfigureAwait(false);
            if (!queued.IsQueued)
            {
                throw connection.Refusal(NameOf(i), queued);
            }
        }
    }

    /// <summary>Commands of a transaction that stand before those of its keys.</summary>
    private int First => _facts.NeedsClock ? 1 : 0;

    /// <summary>Commands of each key.</summary>
    private int Each => _facts.HasAccess ? 3 : 2;

    /// <summary>Name and subcommand of a transaction's command, for errors.</summary>
    private string NameOf(int index) => index < First ? "TIME" : (Each - 1 - ((index - First) % Each)) switch
    {
        0 => "DUMP",
        1 => _facts.ExpiryCommand,
        _ => _facts.AccessCommand,
    };

    /// <param name="Page">The cursor that SCAN named it for.</param>
    /// <param name="IsLarge">Marked as one whose value may have to be taken in pieces.</param>
    private readonly record struct NamedKey(ReadOnlyMemory<byte> Key, byte[] Page, bool IsLarge);
}
