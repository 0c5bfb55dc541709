using System.Buffers;
using System.IO.Pipelines;

namespace CacheBackup.Caches;

/// <summary>
/// A stretch of what a connection receives, as a reader of its own. It hands out the connection's own buffers, so nothing is copied, and it
/// reports its end (<see cref="ReadResult.IsCompleted"/>) only when the whole stretch has arrived; a connection that ends before throws.
/// </summary>
internal abstract class ConnectionReader(RespConnection connection) : PipeReader
{
    private ReadOnlySequence<byte> _received;
    private Stretch _stretch;
    private bool _isOver;
    private int _cancelRequested;

    /// <summary>Everything was handed out and taken.</summary>
    public bool IsOver => _isOver;

    public sealed override bool TryRead(out ReadResult result)
    {
        result = new ReadResult(ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: true);
        return _isOver || (connection.TryReceive(out ReadResult received) && TryDelimit(received, out result));
    }

    public sealed override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_isOver)
        {
            return new ReadResult(ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: true);
        }

        while (true)
        {
            ReadResult received = await ReceiveAsync(connection, cancellationToken).ConfigureAwait(false);
            if (TryDelimit(received, out ReadResult result))
            {
                return result;
            }
        }
    }

    public sealed override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public sealed override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_isOver)
        {
            return;
        }

        ReadOnlySequence<byte> visible = _received.Slice(0, _stretch.VisibleBytes);
        long taken = visible.Slice(0, consumed).Length;
        OnConsumed(taken);
        if (_stretch.IsWhole)
        {
            // All is here: the next read must not wait for more, whatever was examined.
            _isOver = taken == _stretch.VisibleBytes;
            SequencePosition end = _isOver ? _received.GetPosition(taken + _stretch.ClosingBytes) : consumed;
            connection.Advance(end, end);
        }
        else
        {
            connection.Advance(consumed, visible.Slice(examined).IsEmpty ? _received.End : examined);
        }

        _received = default;
    }

    public sealed override void CancelPendingRead()
    {
        Interlocked.Exchange(ref _cancelRequested, 1);
        connection.CancelPendingRead();
    }

    /// <summary>Does nothing: the connection owns its buffers, and closes when its owner says so.</summary>
    public sealed override void Complete(Exception? exception = null)
    {
    }

    /// <summary>How much of what was received, and not yet taken, belongs to the stretch for certain.</summary>
    protected abstract Stretch Delimit(in ReadOnlySequence<byte> received, bool isEndOfStream);

    protected abstract void OnConsumed(long bytes);

    /// <summary>Everything has arrived, though it may not be taken yet; called once.</summary>
    protected virtual void OnWhole()
    {
    }

    protected virtual ValueTask<ReadResult> ReceiveAsync(RespConnection from, CancellationToken cancellationToken) => from.ReceiveAsync(cancellationToken);

    private bool TryDelimit(in ReadResult received, out ReadResult result)
    {
        _received = received.Buffer;
        bool wasWhole = _stretch.IsWhole;
        _stretch = Delimit(_received, received.IsCompleted);
        if (_stretch.IsWhole && !wasWhole)
        {
            OnWhole();
        }

        if (received.IsCompleted && !_stretch.IsWhole)
        {
            throw connection.Ended();
        }

        // A time-out that comes a moment after the data also cancels; only our reader's own wish is passed on.
        bool isCanceled = received.IsCanceled && Interlocked.Exchange(ref _cancelRequested, 0) == 1;
        bool hasNews = _stretch.VisibleBytes > 0 || _stretch.IsWhole || isCanceled;
        result = hasNews ? new ReadResult(_received.Slice(0, _stretch.VisibleBytes), isCanceled, _stretch.IsWhole) : default;
        if (!hasNews)
        {
            connection.Advance(_received.Start, _received.End);
        }

        return hasNews;
    }

    /// <param name="VisibleBytes">How many bytes at the front the reader may see.</param>
    /// <param name="IsWhole">With those, the stretch is complete.</param>
    /// <param name="ClosingBytes">What follows the stretch and is dropped with it.</param>
    protected readonly record struct Stretch(long VisibleBytes, bool IsWhole, int ClosingBytes);
}
