using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>Sends what a <see cref="RangeWalk"/> hands out to the target, in the form that its size asks for.</summary>
internal sealed class EntryWriter(IRestoreTarget target, TemporaryKeys temporaryKeys, long nowMilliseconds) : IRangeConsumer
{
    /// <summary>
    /// Above this a string goes in pieces: one argument of that size would be held by the server twice, as command and as value.
    /// </summary>
    private const long PiecesAboveBytes = 64L * 1024 * 1024;

    /// <summary>No server can be told to take less than 1 MiB in one argument: below this its limit need not be asked for.</summary>
    private const int AlwaysTakenBytes = 1000 * 1000;

    /// <summary>What a RESTORE's argument may lack to the server's limit; servers differ in what they count.</summary>
    private const long ArgumentReserveBytes = 1024;

    private long? _longestArgument;
    private LargeWay _way;
    private StringPieces? _pieces;
    private RestoreEntry _entry;
    private bool _hasBegun;

    private enum LargeWay
    {
        Skipped,
        Streamed,
        Pieces,
    }

    public long Restored { get; private set; }

    public long Expired { get; private set; }

    public int Functions { get; private set; }

    /// <summary>Whether a value of this length is put together from pieces on a target with that limit.</summary>
    public static bool GoesInPieces(RdbType type, long valueLengthBytes, long longestArgumentBytes) =>
        type == RdbType.String && valueLengthBytes > Math.Min(PiecesAboveBytes, longestArgumentBytes - ArgumentReserveBytes);

    public async ValueTask OnFunctionAsync(ReadOnlyMemory<byte> librarySource, long offsetBytes, CancellationToken cancellationToken)
    {
        await target.LoadFunctionAsync(librarySource, cancellationToken);
        Functions++;
    }

    public ValueTask OnEntryAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Value.Length > AlwaysTakenBytes)
        {
            return WriteLargeAsync(entry, cancellationToken);
        }

        if (HasExpired(entry))
        {
            Expired++;
            return ValueTask.CompletedTask;
        }

        Restored++;
        return target.RestoreAsync(entry, cancellationToken);
    }

    public async ValueTask OnLargeStartAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken)
    {
        _entry = entryWithoutValue;
        if (HasExpired(entryWithoutValue))
        {
            _way = LargeWay.Skipped;
            return;
        }

        long limit = _longestArgument ??= await target.LongestArgumentBytesAsync(cancellationToken);
        if (GoesInPieces(entryWithoutValue.Type, valueLengthBytes, limit))
        {
            _way = LargeWay.Pieces;
            _pieces = new StringPieces(valueLengthBytes, entryWithoutValue.OffsetBytes);
            _hasBegun = false;
            return;
        }

        RequireRoom(valueLengthBytes, limit - ArgumentReserveBytes);
        _way = LargeWay.Streamed;
        await target.BeginLargeAsync(entryWithoutValue, valueLengthBytes, cancellationToken);
    }

    public async ValueTask OnLargeFragmentAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        switch (_way)
        {
            case LargeWay.Streamed:
                await target.AppendLargeAsync(fragment, cancellationToken);
                break;
            case LargeWay.Pieces:
                await AppendPiecesAsync(_pieces!, fragment, cancellationToken);
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
                await target.EndLargeAsync(cancellationToken);
                break;
            default:
                _pieces!.RequireWhole();
                await target.AppendStringAsync(_pieces.Piece, cancellationToken);
                await target.EndStringAsync(cancellationToken);
                _pieces = null;
                break;
        }

        Restored++;
    }

    private async ValueTask WriteLargeAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        await OnLargeStartAsync(entry with { Value = default }, entry.Value.Length, cancellationToken);
        await OnLargeFragmentAsync(entry.Value, cancellationToken);
        await OnLargeEndAsync(cancellationToken);
    }

    private async ValueTask AppendPiecesAsync(StringPieces pieces, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        while (!fragment.IsEmpty)
        {
            fragment = fragment[pieces.Take(fragment.Span)..];
            if (!_hasBegun && pieces.LengthBytes is { } length)
            {
                RequireRoom(length, _longestArgument!.Value);
                await target.BeginStringAsync(_entry, length, temporaryKeys, cancellationToken);
                _hasBegun = true;
            }

            if (pieces.HasPiece)
            {
                await target.AppendStringAsync(pieces.Piece, cancellationToken);
                pieces.Release();
            }
        }
    }

    private bool HasExpired(in RestoreEntry entry) => entry.ExpireAtMilliseconds is { } expiry && expiry <= nowMilliseconds;

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
