using System.Buffers;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>Reads a whole RDB file on all processors, and shows how far it has come.</summary>
internal static class FileIndexing
{
    /// <summary>Opens a file for being read by ranges and from its beginning to its end.</summary>
    public static FileStream Open(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Checks every byte of the file, its checksum included, and cuts it into segments.</summary>
    /// <exception cref="RdbFormatException">It is not a good file.</exception>
    public static async Task<IndexedContent> RunAsync(FileStream file, string activity, ToolConsole console, CancellationToken cancellationToken)
    {
        SegmentWalk walk = Walk(file, also: null);
        await using ProgressPhase progress = console.Begin(activity, file.Length);
        IndexedContent content = await RunAsync(file, walk, progress, cancellationToken);
        progress.Complete();
        return content;
    }

    /// <summary>The same, with what is wrong with the file as the result.</summary>
    /// <param name="also">Is told what the walk meets, on the one processor that walks.</param>
    public static async Task<(RdbVerification Verification, IndexedContent? Content)> VerifyAsync(
        FileStream file, RdbHandler? also, string activity, ToolConsole console, CancellationToken cancellationToken)
    {
        SegmentWalk walk = Walk(file, also);
        await using ProgressPhase progress = console.Begin(activity, file.Length);
        try
        {
            IndexedContent content = await RunAsync(file, walk, progress, cancellationToken);
            return (RdbVerification.Good(content.Summary), content);
        }
        catch (RdbFormatException e)
        {
            return (walk.Judge(e), null);
        }
    }

    /// <summary>Checks every byte of the file, its checksum included, for a handler whose work is the larger part of it.</summary>
    /// <exception cref="RdbFormatException">It is not a good file.</exception>
    public static async Task<(RdbSummary Summary, Sha256Digest Sha256)> ReadAsync(
        FileStream file, RdbHandler handler, string activity, ToolConsole console, CancellationToken cancellationToken)
    {
        RdbReader reader = new(handler, new RdbReaderOptions { EndOffsetBytes = file.Length, IsChecksumComputed = false });
        await using ProgressPhase progress = console.Begin(activity, file.Length);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<(Sha256Digest Sha256, ulong Crc64)> digest = Task.Run(
            () => FileDigests.DigestWhole(file.SafeFileHandle, file.Length, sizeof(ulong), stop.Token), CancellationToken.None);
        try
        {
            await ReadAsync(
                file,
                bytes =>
                {
                    reader.Read(bytes.Span);
                    return new ValueTask<long>(reader.Keys);
                },
                progress,
                cancellationToken);
        }
        catch
        {
            await stop.CancelAsync();
            await ((Task)digest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        (Sha256Digest sha256, ulong crc64) = await digest;
        RdbSummary summary = reader.Complete(crc64);
        progress.Complete();
        return (summary, sha256);
    }

    private static SegmentWalk Walk(FileStream file, RdbHandler? also) =>
        new(new SegmentIndexerOptions { Reader = RdbReaderOptions.Default with { EndOffsetBytes = file.Length } }, also);

    private static async Task<IndexedContent> RunAsync(FileStream file, SegmentWalk walk, ProgressPhase progress, CancellationToken cancellationToken)
    {
        await using FileDigests digests = FileDigests.Begin(file.SafeFileHandle, cancellationToken);
        await ReadAsync(
            file,
            async bytes =>
            {
                walk.Append(bytes.Span);
                while (walk.TryTake(out SegmentCut cut))
                {
                    await digests.AddAsync(cut);
                }

                return walk.Keys;
            },
            progress,
            cancellationToken);
        await digests.AddAsync(walk.TakeLast());
        return walk.Complete(await digests.CompleteAsync(), sha256: null);
    }

    /// <param name="take">Takes the next bytes and says how many keys there were so far.</param>
    private static async Task ReadAsync(
        FileStream file, Func<ReadOnlyMemory<byte>, ValueTask<long>> take, ProgressPhase progress, CancellationToken cancellationToken)
    {
        long length = file.Length;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FileDigests.BufferBytes);
        try
        {
            for (long offset = 0; offset < length;)
            {
                // Not asynchronous: where the bytes are in the system's cache that is faster, and where they are not nothing else waits for this.
                cancellationToken.ThrowIfCancellationRequested();
                int read = RandomAccess.Read(file.SafeFileHandle, buffer, offset);
                if (read == 0)
                {
                    return;
                }

                long keys = await take(buffer.AsMemory(0, read));
                offset += read;
                progress.Report(new TransferProgress(offset, length, keys));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
