using CacheBackup.Core.Memcached;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// Reads items over one connection, batch after batch, and writes their records. The commands of one batch are on their way while the
/// answers of the one before are read. <c>u</c> keeps the server from counting it as a use: what was cold stays cold. Memory: one block of
/// records and two batches of commands.
/// </summary>
internal sealed class ItemReading(MemcachedConnection connection, KeyTurns keys, ItemSink sink, MemcachedServer server, MemcachedOptions options)
{
    private const int BlockBytes = 256 * 1024;

    private readonly ItemClock _clock = new(server, connection.Time);
    private readonly byte[] _block = new byte[BlockBytes];
    private int _blockBytes;
    private KeyBatch _asked = new(options);
    private KeyBatch _next = new(options);
    private long _askedAtSeconds;
    private long _nextAtSeconds;

    /// <summary>Items whose records were written.</summary>
    public long Written { get; private set; }

    /// <summary>Keys that were listed and are gone, or have expired.</summary>
    public long Vanished { get; private set; }

    /// <summary>Keys that no command can name.</summary>
    public long Unreachable { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        connection.EnterTransfer();
        bool isAny = await AskAsync(cancellationToken).ConfigureAwait(false);
        while (isAny)
        {
            (_asked, _next) = (_next, _asked);
            _askedAtSeconds = _nextAtSeconds;

            // Both at once: a server that cannot get rid of its answers takes no more commands.
            Task<bool> asking = AskAsync(cancellationToken);
            try
            {
                await ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            isAny = await asking.ConfigureAwait(false);
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        if (!await keys.TakeAsync(_next, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        _nextAtSeconds = _clock.NowSeconds;
        await connection.SendAsync(_next.Commands, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        KeyBatch batch = _asked;
        Unreachable += batch.Unreachable;
        foreach (KeyBatch.Entry entry in batch.Entries)
        {
            ReadOnlyMemory<byte> line = await connection.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (!MetaReply.TryRead(line.Span, out MetaReply reply))
            {
                throw connection.Refusal("mg", System.Text.Encoding.ASCII.GetString(line.Span));
            }

            if (!reply.Exists)
            {
                Vanished++;
                continue;
            }

            var head = new ItemHead(reply.LengthBytes, reply.Flags, _clock.ExpiryOf(_askedAtSeconds, reply.SecondsLeft, entry.ExpireAtSeconds));
            if (ItemHead.MaxLineBytes + reply.LengthBytes + ItemStreamWriter.ValueEnd.Length > BlockBytes - _blockBytes)
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            _blockBytes += head.Write(batch.NameOf(entry), entry.IsEncoded, _block.AsSpan(_blockBytes));
            if (reply.LengthBytes + ItemStreamWriter.ValueEnd.Length > BlockBytes - _blockBytes)
            {
                await StreamAsync(reply.LengthBytes, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await CopyAsync(reply.LengthBytes + ItemStreamWriter.ValueEnd.Length, cancellationToken).ConfigureAwait(false);
            }

            Written++;
        }
    }

    /// <summary>A value and its line end, into the block.</summary>
    private async ValueTask CopyAsync(int bytes, CancellationToken cancellationToken)
    {
        int end = _blockBytes + bytes;
        while (true)
        {
            ReadOnlySpan<byte> received = connection.Received.Span;
            received = received[..Math.Min(received.Length, end - _blockBytes)];
            received.CopyTo(_block.AsSpan(_blockBytes));
            _blockBytes += received.Length;
            connection.Take(received.Length);
            if (_blockBytes == end)
            {
                RequireEnd(_block.AsSpan(end - 2, 2));
                return;
            }

            await connection.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A value that is too long for the block, piece by piece into the stream.</summary>
    private async ValueTask StreamAsync(int valueBytes, CancellationToken cancellationToken)
    {
        await sink.BeginAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await sink.AppendAsync(_block.AsMemory(0, _blockBytes), cancellationToken).ConfigureAwait(false);
            _blockBytes = 0;
            for (int left = valueBytes; left > 0;)
            {
                ReadOnlyMemory<byte> piece = connection.Received;
                piece = piece[..Math.Min(piece.Length, left)];
                if (!piece.IsEmpty)
                {
                    await sink.AppendAsync(piece, cancellationToken).ConfigureAwait(false);
                    connection.Take(piece.Length);
                    left -= piece.Length;
                    continue;
                }

                await connection.ReceiveAsync(cancellationToken).ConfigureAwait(false);
            }

            await CopyAsync(ItemStreamWriter.ValueEnd.Length, cancellationToken).ConfigureAwait(false);
            await sink.AppendAsync(_block.AsMemory(0, _blockBytes), cancellationToken).ConfigureAwait(false);
            _blockBytes = 0;
        }
        finally
        {
            sink.End();
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_blockBytes > 0)
        {
            await sink.WriteAsync(_block.AsMemory(0, _blockBytes), cancellationToken).ConfigureAwait(false);
            _blockBytes = 0;
        }
    }

    private void RequireEnd(ReadOnlySpan<byte> end)
    {
        if (!end.SequenceEqual(ItemStreamWriter.ValueEnd))
        {
            throw new CacheProtocolException($"{connection.Endpoint} sent a value that is longer than it said.");
        }
    }
}
