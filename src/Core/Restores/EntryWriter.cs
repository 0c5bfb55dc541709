using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Sends what a <see cref="RangeWalk"/> hands out to the target, in the form that its size and the target's formats ask for, and no faster
/// than the pace.
/// </summary>
internal sealed class EntryWriter : IRangeConsumer
{
    /// <summary>
    /// Above this a value goes in pieces: one argument of that size would be held by the server twice, as command and as value, and would keep
    /// it from serving others while it is read. Streams alone go in one piece as long as the target takes it (<see cref="StreamCommands"/>).
    /// </summary>
    private const long PiecesAboveBytes = 64L * 1024 * 1024;

    /// <summary>No server can be told to take less than 1 MiB in one argument: below this its limit need not be asked for.</summary>
    private const int AlwaysTakenBytes = 1000 * 1000;

    /// <summary>What a RESTORE's argument may lack to the server's limit; servers differ in what they count.</summary>
    private const long ArgumentReserveBytes = 1024;

    private readonly IRestoreTarget _target;
    private readonly TemporaryKeys _temporaryKeys;
    private readonly TargetFormats _formats;
    private readonly long _nowMilliseconds;
    private readonly RestorePace? _pace;
    private readonly ElementPieces _elements;
    private readonly OlderValue _older = new(AlwaysTakenBytes);
    private readonly OlderStream _olderStream = new();

    // By type: a run's entries are of one file, whose magic says what a type means.
    private readonly ValueWay?[] _ways = new ValueWay?[byte.MaxValue + 1];

    private long? _longestArgument;
    private LargeWay _way;
    private StringPieces? _pieces;
    private RestoreEntry _entry;
    private bool _hasBegun;

    /// <param name="nowMilliseconds">The target's clock: what has expired by it is not sent.</param>
    /// <param name="pace">Null: as fast as the target takes it.</param>
    public EntryWriter(IRestoreTarget target, TemporaryKeys temporaryKeys, TargetFormats formats, long nowMilliseconds, RestorePace? pace)
    {
        _target = target;
        _temporaryKeys = temporaryKeys;
        _formats = formats;
        _nowMilliseconds = nowMilliseconds;
        _pace = pace;
        _elements = new ElementPieces(target, temporaryKeys, formats);
    }

    private enum LargeWay
    {
        Skipped,
        Streamed,
        String,
        Elements,
    }

    public long Restored { get; private set; }

    public long Expired { get; private set; }

    public int Functions { get; private set; }

    /// <summary>Whether a value of this length is put together from pieces on a target with that limit, though the target knows its type.</summary>
    public static bool GoesInPieces(RdbType type, long valueLengthBytes, long longestArgumentBytes)
    {
        long longest = longestArgumentBytes - ArgumentReserveBytes;
        return type.Family() switch
        {
            ValueFamily.Module => false,
            ValueFamily.Stream => valueLengthBytes > longest,
            _ => valueLengthBytes > Math.Min(PiecesAboveBytes, longest),
        };
    }

    public async ValueTask OnFunctionAsync(ReadOnlyMemory<byte> librarySource, long offsetBytes, CancellationToken cancellationToken)
    {
        await _target.LoadFunctionAsync(librarySource, cancellationToken);
        Functions++;
    }

    public ValueTask OnEntryAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Value.Length > AlwaysTakenBytes || _pace is not null)
        {
            return WriteSlowlyAsync(entry, cancellationToken);
        }

        if (HasExpired(entry))
        {
            Expired++;
            return ValueTask.CompletedTask;
        }

        return WriteAsync(entry, cancellationToken);
    }

    public async ValueTask OnLargeStartAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken)
    {
        _entry = entryWithoutValue;
        if (HasExpired(entryWithoutValue))
        {
            _way = LargeWay.Skipped;
            return;
        }

        await PaceAsync(1, entryWithoutValue.Key.Length, cancellationToken);
        long limit = _longestArgument ??= await _target.LongestArgumentBytesAsync(cancellationToken);
        bool isKnown = WayOf(entryWithoutValue) == ValueWay.AsStored;
        if (isKnown && (!_formats.TakesPieces || !GoesInPieces(entryWithoutValue.Type, valueLengthBytes, limit)))
        {
            RequireRoom(valueLengthBytes, limit - ArgumentReserveBytes);
            _way = LargeWay.Streamed;
            await _target.BeginLargeAsync(entryWithoutValue, valueLengthBytes, cancellationToken);
        }
        else if (entryWithoutValue.Type == RdbType.String)
        {
            _way = LargeWay.String;
            _pieces = new StringPieces(valueLengthBytes, entryWithoutValue.OffsetBytes);
            _hasBegun = false;
        }
        else
        {
            _way = LargeWay.Elements;
            await _elements.BeginAsync(entryWithoutValue, cancellationToken);
        }
    }

    public async ValueTask OnLargeFragmentAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        if (_way == LargeWay.Skipped)
        {
            return;
        }

        await PaceAsync(0, fragment.Length, cancellationToken);
        switch (_way)
        {
            case LargeWay.Streamed:
                await _target.AppendLargeAsync(fragment, cancellationToken);
                break;
            case LargeWay.String:
                await AppendPiecesAsync(_pieces!, fragment, cancellationToken);
                break;
            default:
                await _elements.AppendAsync(fragment, cancellationToken);
                break;
        }
    }

    public async ValueTask OnLargeEndAsync(CancellationToken cancellationToken)
    {
        switch (_way)
        {
            case LargeWay.Skipped:
                Expired++;
                return;
            case LargeWay.Streamed:
                await _target.EndLargeAsync(cancellationToken);
                break;
            case LargeWay.String:
                _pieces!.RequireWhole();
                await _target.AppendStringAsync(_pieces.Piece, cancellationToken);
                await _target.EndStringAsync(cancellationToken);
                _pieces = null;
                break;
            default:
                await _elements.EndAsync(cancellationToken);
                break;
        }

        Restored++;
    }

    /// <summary>A value that is at hand and may be sent at once.</summary>
    private ValueTask WriteAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        ValueWay way = WayOf(entry);
        if (way == ValueWay.Older && TryWriteOlder(entry, out RestoreEntry older))
        {
            entry = older;
            way = ValueWay.AsStored;
        }

        if (way != ValueWay.AsStored)
        {
            return WriteElementsAsync(entry, cancellationToken);
        }

        Restored++;
        return _target.RestoreAsync(entry, cancellationToken);
    }

    private async ValueTask WriteSlowlyAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        bool isStream = entry.Type.Family() == ValueFamily.Stream;
        if (!HasExpired(entry) && isStream && WayOf(entry) == ValueWay.Older && TryWriteOlder(entry, out RestoreEntry older))
        {
            entry = older;
        }

        if (entry.Value.Length <= AlwaysTakenBytes && !HasExpired(entry))
        {
            await PaceAsync(1, entry.Key.Length + entry.Value.Length, cancellationToken);
            await WriteAsync(entry, cancellationToken);
            return;
        }

        await OnLargeStartAsync(entry with { Value = default }, entry.Value.Length, cancellationToken);
        await OnLargeFragmentAsync(entry.Value, cancellationToken);
        await OnLargeEndAsync(cancellationToken);
    }

    private async ValueTask WriteElementsAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        await _elements.BeginAsync(entry with { Value = default }, cancellationToken);
        await _elements.AppendAsync(entry.Value, cancellationToken);
        await _elements.EndAsync(cancellationToken);
        Restored++;
    }

    /// <summary>The entry in the older type that the target knows; false: that would be too long to be held.</summary>
    private bool TryWriteOlder(in RestoreEntry entry, out RestoreEntry older)
    {
        RdbType type = _formats.OlderOf(entry.Type)!.Value;
        older = entry;
        try
        {
            if (entry.Type.Family() == ValueFamily.Stream)
            {
                older = entry with { Type = type, Value = _olderStream.Write(entry.Type, entry.Value.Span, type) };
                return true;
            }

            if (_older.TryWrite(entry.Version, entry.Type, entry.Value.Span, out ReadOnlyMemory<byte> value))
            {
                older = entry with { Type = type, Value = value };
                return true;
            }

            return false;
        }
        catch (RdbFormatException e)
        {
            throw new BackupDamagedException(
                $"The value of the entry at byte {entry.OffsetBytes} of the data file cannot be read: {e.Code}. Verify the backup.", e);
        }
    }

    private ValueWay WayOf(in RestoreEntry entry) =>
        (_ways[(byte)entry.Type] ??= _formats.WayOf(entry.Version.Magic, entry.Type)) is var way and not ValueWay.None
        ? way
        : throw new BackupNotRestorableException(
            $"The entry at byte {entry.OffsetBytes} of the data file is of type {entry.Type} ({(int)entry.Type}), which the target "
            + $"({RestoreCheck.Name(_formats.Engine)} {_formats.Version}) cannot hold. Choose a newer target, or let such keys be left out.");

    private async ValueTask AppendPiecesAsync(StringPieces pieces, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        while (!fragment.IsEmpty)
        {
            fragment = fragment[pieces.Take(fragment.Span)..];
            if (!_hasBegun && pieces.LengthBytes is { } length)
            {
                RequireRoom(length, _longestArgument!.Value);
                await _target.BeginStringAsync(_entry, length, _temporaryKeys, cancellationToken);
                _hasBegun = true;
            }

            if (pieces.HasPiece)
            {
                await _target.AppendStringAsync(pieces.Piece, cancellationToken);
                pieces.Release();
            }
        }
    }

    private ValueTask PaceAsync(long keys, long bytes, CancellationToken cancellationToken) =>
        _pace?.WaitAsync(keys, bytes, cancellationToken) ?? ValueTask.CompletedTask;

    private bool HasExpired(in RestoreEntry entry) => entry.ExpireAtMilliseconds is { } expiry && expiry <= _nowMilliseconds;

    private void RequireRoom(long lengthBytes, long limitBytes)
    {
        if (lengthBytes > limitBytes)
        {
            throw new BackupNotRestorableException(
                $"The value at byte {_entry.OffsetBytes} of the data file has {lengthBytes:N0} bytes, and the target takes {limitBytes:N0} in one piece. " +
                "Raise the target's proto-max-bulk-len.");
        }
    }
}
