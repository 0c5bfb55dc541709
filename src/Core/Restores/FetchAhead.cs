using System.Buffers;
using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Restores;

/// <summary>Fetches whole segments, one ahead of the one at work, into two buffers that it uses in turn.</summary>
/// <param name="skipDamaged">A damaged segment is an answer, not an exception.</param>
/// <param name="byChecksum">See <see cref="RestoreRange.IsJustIndexed"/>.</param>
internal sealed class FetchAhead(RangeDownload download, bool skipDamaged, bool byChecksum) : IAsyncDisposable
{
    private readonly byte[][] _buffers = [[], []];
    private readonly CancellationTokenSource _stop = new();
    private Task<ReadOnlyMemory<byte>?>? _next;
    private int _turn;

    /// <summary>Begins to fetch the segment that follows in the file. The memory that was taken last stays as it is.</summary>
    public void Begin(Segment segment, CancellationToken cancellationToken) => _next = FetchAsync(segment, cancellationToken);

    /// <summary>The segment that was begun, or this one now; valid until the second <see cref="Begin"/> after it.</summary>
    /// <returns>Null: its bytes differ from its digest, and damaged segments are skipped.</returns>
    /// <exception cref="BackupDamagedException">Its bytes differ from its digest.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> TakeAsync(Segment segment, CancellationToken cancellationToken)
    {
        Task<ReadOnlyMemory<byte>?> fetch = _next ?? FetchAsync(segment, cancellationToken);
        _next = null;
        return await fetch;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_next is { } unused)
        {
            await ((Task)unused).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
        foreach (byte[] buffer in _buffers)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<ReadOnlyMemory<byte>?> FetchAsync(Segment segment, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        Memory<byte> bytes = Rent((int)segment.LengthBytes);
        await download.FillAsync(bytes, linked.Token);
        if (SegmentCheck.IsGood(segment, bytes.Span, byChecksum))
        {
            return bytes;
        }

        return skipDamaged ? null : throw SegmentCheck.Different(segment);
    }

    private Memory<byte> Rent(int length)
    {
        _turn = 1 - _turn;
        if (_buffers[_turn].Length < length)
        {
            ArrayPool<byte>.Shared.Return(_buffers[_turn]);
            _buffers[_turn] = ArrayPool<byte>.Shared.Rent(length);
        }

        return _buffers[_turn].AsMemory(0, length);
    }
}
