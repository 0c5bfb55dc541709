using System.Buffers;
using System.IO.Pipelines;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Replication;

/// <summary>
/// A data set of unknown length that 40 random bytes end. As in a replica, the mark counts only where it is the last thing received: the last 40
/// bytes are therefore always held back, and one comparison for each read decides. Unlike a replica we then wait for the end of the connection, or for
/// a silence: were more to come, the mark would have been data.
/// </summary>
internal sealed class MarkDelimitedReader(RespConnection connection, byte[] mark, TimeSpan endSilence) : ConnectionReader(connection)
{
    private readonly RespConnection _connection = connection;
    private bool _isAtMark;
    private bool _isSilent;

    protected override Stretch Delimit(in ReadOnlySequence<byte> received, bool isEndOfStream)
    {
        long before = received.Length - mark.Length;
        if (before < 0)
        {
            _isAtMark = false;
            return new Stretch(0, IsWhole: false, ClosingBytes: 0);
        }

        _isAtMark = EndsWithMark(received.Slice(before));
        return new Stretch(before, _isAtMark && (isEndOfStream || _isSilent), mark.Length);
    }

    protected override void OnConsumed(long bytes)
    {
    }

    protected override void OnWhole() => _connection.HangUp();

    protected override async ValueTask<ReadResult> ReceiveAsync(RespConnection from, CancellationToken cancellationToken)
    {
        if (!_isAtMark || _isSilent)
        {
            return await from.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }

        using var silence = new CancellationTokenSource(endSilence, from.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return await from.ReceiveAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Silent for long enough.
        }
        catch (TransferCutException)
        {
            // The whole mark had come: a node that resets the connection behind it has done its part.
        }

        // A cancelled read returns what is there already, and waits for nothing.
        _isSilent = true;
        from.CancelPendingRead();
        return await from.ReceiveAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private bool EndsWithMark(in ReadOnlySequence<byte> tail)
    {
        if (tail.IsSingleSegment)
        {
            return tail.FirstSpan.SequenceEqual(mark);
        }

        Span<byte> joined = stackalloc byte[mark.Length];
        tail.CopyTo(joined);
        return joined.SequenceEqual(mark);
    }
}
