using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Local.Commands;

/// <summary>
/// Computes the digests of a file's segments on the other processors while one goes on walking. A segment is read again for that, from the
/// system's cache: cheaper than handing buffers over. Memory: one buffer for each processor at work.
/// </summary>
internal sealed class FileDigests : IAsyncDisposable
{
    /// <summary>Read, digested twice and read over before it leaves the processor's own cache.</summary>
    public const int BufferBytes = 256 * 1024;

    /// <summary>More would gain nothing over the one that walks.</summary>
    private const int MostProcessors = 8;

    /// <summary>How far the walk may be ahead: what it has read should still be in the system's cache.</summary>
    private const int MostWaiting = 32;

    private readonly SafeFileHandle _file;
    private readonly CancellationTokenSource _stop;
    private readonly Channel<SegmentCut> _cuts = Channel.CreateBounded<SegmentCut>(MostWaiting);
    private readonly ConcurrentBag<Segment> _segments = [];
    private readonly Task[] _workers;

    private FileDigests(SafeFileHandle file, CancellationToken cancellationToken)
    {
        _file = file;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int workers = Math.Clamp(Environment.ProcessorCount - 1, 1, MostProcessors);
        _workers = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync, CancellationToken.None))];
    }

    public static FileDigests Begin(SafeFileHandle file, CancellationToken cancellationToken) => new(file, cancellationToken);

    /// <summary>SHA-256 and CRC-64 of a whole file; the CRC-64 without the last <paramref name="uncheckedBytes"/>.</summary>
    public static (Sha256Digest Sha256, ulong Crc64) DigestWhole(
        SafeFileHandle file, long lengthBytes, int uncheckedBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        CrcRedis64 crc = default;
        long checkedBytes = lengthBytes - uncheckedBytes;
        long offset = 0;
        Read(file, 0, lengthBytes, Take, cancellationToken);
        return (new Sha256Digest(hash.GetHashAndReset()), crc.Value);

        void Take(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            crc.Update(bytes[..(int)Math.Clamp(checkedBytes - offset, 0, bytes.Length)]);
            offset += bytes.Length;
        }
    }

    /// <summary>Leaves a segment to whoever is free; waits while many are left.</summary>
    public async ValueTask AddAsync(SegmentCut cut)
    {
        try
        {
            await _cuts.Writer.WriteAsync(cut, _stop.Token);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            // What stopped the others is what there is to tell.
            await Task.WhenAll(_workers);
            throw;
        }
    }

    /// <summary>Waits for all that were added, and helps meanwhile.</summary>
    /// <returns>In the order of the file.</returns>
    public async Task<IReadOnlyList<Segment>> CompleteAsync()
    {
        _cuts.Writer.TryComplete();
        await Task.WhenAll([WorkAsync(), .. _workers]);
        return [.. _segments.OrderBy(segment => segment.Number)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _cuts.Writer.TryComplete();
        await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            using SegmentDigester digester = new();
            await foreach (SegmentCut cut in _cuts.Reader.ReadAllAsync(_stop.Token))
            {
                Read(_file, cut.OffsetBytes, cut.EndOffsetBytes, digester.Append, _stop.Token);
                _segments.Add(digester.Finish(cut));
            }
        }
        catch (Exception e)
        {
            // Nobody waits for room any more.
            _cuts.Writer.TryComplete(e);
            throw;
        }
    }

    private static void Read(SafeFileHandle file, long offset, long endOffset, ReadOnlySpanAction take, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (offset < endOffset)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(BufferBytes, endOffset - offset)), offset);
                if (read == 0)
                {
                    throw new IOException($"The file became shorter while it was read: byte {offset} is gone.");
                }

                take(buffer.AsSpan(0, read));
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private delegate void ReadOnlySpanAction(ReadOnlySpan<byte> bytes);
}
