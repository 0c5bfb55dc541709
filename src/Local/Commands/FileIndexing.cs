using CacheBackup.Core.Inspections;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Local.Files;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>Reads a whole data file on all processors, and shows how far it has come.</summary>
internal static class FileIndexing
{
    /// <summary>Opens a file for being read by ranges and from its beginning to its end.</summary>
    /// <exception cref="BadUsageException">It is a directory or a pipe: a file is read more than once, and in more than one place at a time.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new BadUsageException($"{path} is a directory. Name a file in it.");
        }

        if (!SeekableFile.Is(path))
        {
            throw new BadUsageException($"{path} is a pipe. Write what it gives to a file first, and name that one.");
        }

        return new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
    }

    /// <summary>Checks every byte of the file, its checksum included, and cuts it into segments.</summary>
    /// <param name="segmentBytes">See <see cref="SegmentIndexerOptions.TargetBytes"/>.</param>
    /// <exception cref="RdbFormatException">It is not a good file.</exception>
    public static async Task<IndexedContent> RunAsync(
        FileStream file, int segmentBytes, string activity, ToolConsole console, CancellationToken cancellationToken)
    {
        SegmentWalk walk = Walk(file, also: null, segmentBytes);
        await using ProgressPhase progress = console.Begin(activity, file.Length);
        IndexedContent content = await DigestAsync(file, walk, progress, cancellationToken);
        progress.Complete();
        return content;
    }

    /// <summary>The same with segments as backups have them, and with what is wrong with the file as the result.</summary>
    /// <param name="also">Is told what the walk meets, on the one processor that walks.</param>
    public static async Task<(RdbVerification Verification, IndexedContent? Content)> VerifyAsync(
        FileStream file, RdbHandler? also, string activity, ToolConsole console, CancellationToken cancellationToken)
    {
        // Items' values have no structure inside that could be looked at.
        SegmentWalk walk = Walk(file, MagicOf(file) == RdbMagic.Memcached ? null : also, SegmentIndexerOptions.Default.TargetBytes);
        await using ProgressPhase progress = console.Begin(activity, file.Length);
        try
        {
            IndexedContent content = await DigestAsync(file, walk, progress, cancellationToken);
            return (RdbVerification.Good(content.Summary), content);
        }
        catch (RdbFormatException e)
        {
            return (walk.Judge(e), null);
        }
    }

    /// <summary>Checks every byte of the file, its checksum included, and has every value looked at.</summary>
    /// <param name="inspector">Has seen it all afterwards.</param>
    /// <exception cref="RdbFormatException">It is not a good file.</exception>
    public static async Task<RdbSummary> InspectAsync(
        FileStream file, Inspector inspector, string activity, ToolConsole console, CancellationToken cancellationToken)
    {
        if (MagicOf(file) == RdbMagic.Memcached)
        {
            throw new InvalidRequestException(
                $"{file.Name} is a stream of Memcached's items. They have no types, databases or encodings: verify counts them, and inspect reads RDB files.");
        }

        SegmentWalk walk = Walk(file, inspector.OfFile, SegmentIndexerOptions.Default.TargetBytes);
        await using ProgressPhase progress = console.Begin(activity, file.Length);
        await using SegmentWorkers<InspectionWorker> workers = new(
            file.SafeFileHandle, () => new InspectionWorker(inspector.Beside(), walk.Version), cancellationToken);
        await WalkAsync(file, walk, workers, progress, cancellationToken);
        IReadOnlyList<InspectionWorker> done = await workers.CompleteAsync();
        foreach (InspectionWorker worker in done)
        {
            inspector.Add(worker.Inspector);
        }

        RdbSummary summary = walk.Complete(done.SelectMany(worker => worker.Checksums).OrderBy(segment => segment.Number));
        progress.Complete();
        return summary;
    }

    private static SegmentWalk Walk(FileStream file, RdbHandler? also, int segmentBytes) => new(
        new SegmentIndexerOptions { TargetBytes = segmentBytes, Magic = MagicOf(file), Reader = RdbReaderOptions.Default with { EndOffsetBytes = file.Length } }, also);

    /// <summary>What the file is by its first bytes; what is neither is an RDB file without its magic.</summary>
    private static RdbMagic MagicOf(FileStream file)
    {
        Span<byte> start = stackalloc byte[ItemStreamWriter.Edge.Length];
        int read = RandomAccess.Read(file.SafeFileHandle, start, 0);
        return start[..read].SequenceEqual(ItemStreamWriter.Edge) ? RdbMagic.Memcached : RdbMagic.Redis;
    }

    private static async Task<IndexedContent> DigestAsync(FileStream file, SegmentWalk walk, ProgressPhase progress, CancellationToken cancellationToken)
    {
        await using SegmentWorkers<DigestWorker> workers = new(file.SafeFileHandle, () => new DigestWorker(), cancellationToken);
        await WalkAsync(file, walk, workers, progress, cancellationToken);
        IReadOnlyList<DigestWorker> done = await workers.CompleteAsync();
        return walk.Complete([.. done.SelectMany(worker => worker.Segments).OrderBy(segment => segment.Number)], sha256: null);
    }

    private static async Task WalkAsync<TWorker>(
        FileStream file, SegmentWalk walk, SegmentWorkers<TWorker> workers, ProgressPhase progress, CancellationToken cancellationToken)
        where TWorker : class, ISegmentWorker
    {
        long length = file.Length;
        await FileReading.ReadAsync(
            file.SafeFileHandle,
            0,
            length,
            async bytes =>
            {
                walk.Append(bytes.Span);
                while (walk.TryTake(out SegmentCut cut))
                {
                    await workers.AddAsync(cut);
                }

                progress.Report(new TransferProgress(walk.OffsetBytes, length, walk.Keys));
            },
            cancellationToken);
        await workers.AddAsync(walk.TakeLast());
    }
}
