using System.Buffers;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>Reads a whole RDB file once, and shows how far it has come.</summary>
internal static class FileIndexing
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>Opens a file for being read by ranges and from its beginning to its end.</summary>
    public static FileStream Open(string path) => new(
        path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <summary>Checks every byte of the file, its checksum included, and cuts it into segments.</summary>
    /// <exception cref="RdbFormatException">It is not a good file.</exception>
    public static async Task<IndexedContent> RunAsync(
        FileStream file, RdbHandler? also, string activity, ToolConsole console, CancellationToken cancellationToken)
    {
        long length = file.Length;
        using SegmentIndexer indexer = new(
            new SegmentIndexerOptions { Reader = RdbReaderOptions.Default with { EndOffsetBytes = length } }, also);
        await using ProgressPhase progress = console.Begin(activity, length);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long offset = 0; offset < length;)
            {
                int read = await RandomAccess.ReadAsync(file.SafeFileHandle, buffer, offset, cancellationToken);
                if (read == 0)
                {
                    break;
                }

                indexer.Append(buffer.AsSpan(0, read));
                offset += read;
                progress.Report(new TransferProgress(offset, length, indexer.Keys));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        IndexedContent content = indexer.Complete();
        progress.Complete();
        return content;
    }
}
