using CacheBackup.Caches;
using CacheBackup.Caches.Scan;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Local.Credentials;
using CacheBackup.Local.Files;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>
/// Takes a snapshot into a file: under another name until it is whole, checked and on the disk, then under its own. A file that was there
/// stays as it was until then.
/// </summary>
/// <param name="pieces">Values that a scan takes in pieces; null: none.</param>
internal sealed class FileSnapshot(CacheAddress address, BackupMethod method, PieceOptions? pieces, ToolContext context)
{
    private const int BufferBytes = 1024 * 1024;

    /// <param name="path">A full path.</param>
    /// <exception cref="IOException">The file exists, or cannot be written; what was written of it is removed.</exception>
    public async Task<FileSnapshotReport> RunAsync(string path, bool overwrite, CancellationToken cancellationToken)
    {
        RequireFree(path, overwrite);
        string partial = path + ".partial";
        SnapshotResult result;
        await using (FileStream file = PrivateFile.Create(partial, BufferBytes))
        {
            try
            {
                result = await TakeAsync(new WriteBehindStream(file), cancellationToken);
                await file.FlushAsync(cancellationToken);
                file.Flush(flushToDisk: true);

                // Nobody's file is lost: without --force this fails where another process was faster.
                File.Move(partial, path, overwrite);
            }
            catch
            {
                // While it is locked: it may not be another process's, which waits for the same name.
                File.Delete(partial);
                throw;
            }
        }

        DirectorySync.Flush(Path.GetDirectoryName(path)!);
        return new FileSnapshotReport(path, result);
    }

    private static void RequireFree(string path, bool overwrite)
    {
        if (Directory.Exists(path))
        {
            throw new BadUsageException($"{path} is a directory. Name the file, such as {Path.Combine(path, "cache.rdb")}.");
        }

        if (File.Exists(path) && !overwrite)
        {
            throw new IOException($"{path} exists. Choose another name, or replace it with --force.");
        }
    }

    private async Task<SnapshotResult> TakeAsync(Stream file, CancellationToken cancellationToken)
    {
        var caches = new LiveCaches(new LocalCredentials(context.ReadVariable), context.Time) { Pieces = pieces };
        ISnapshotSource source = caches.Source(address, method, SlotSet.All);
        await using ProgressPhase progress = context.Console.Begin("snapshot");
        SnapshotResult result = await SnapshotRun.RunAsync(source, file, context.Time, SnapshotOptions.Default, progress, cancellationToken);
        progress.Complete();
        return result;
    }
}
