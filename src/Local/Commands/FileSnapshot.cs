using CacheBackup.Caches;
using CacheBackup.Caches.Scan;
using CacheBackup.Core;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
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

    /// <summary>Of a cluster the file has what one node holds: whoever takes it for the whole cache has lost the rest.</summary>
    private async Task TellOfClusterAsync(LiveCaches caches, CancellationToken cancellationToken)
    {
        if (address.Engine == CacheEngine.Memcached || await ProbeAsync(caches, cancellationToken) is not { Cluster: { } map })
        {
            return;
        }

        ClusterNode shard = map.Nodes.FirstOrDefault(node => node.Id == map.Asked.PrimaryId) ?? map.Asked;
        context.Console.Error.WriteLine(
            $"{address.Endpoint} is a node of a cluster: the file gets its slots alone, {(shard.Slots.IsEmpty ? "none" : shard.Slots.Value)} "
            + $"({shard.Slots.Count} of {KeySlot.Count}). Register the cache in the service (cache-backup serve) for all shards.");
    }

    /// <summary>Null: it does not tell. What stands against the snapshot is told by the snapshot.</summary>
    private async Task<CacheProbe?> ProbeAsync(LiveCaches caches, CancellationToken cancellationToken)
    {
        try
        {
            return await caches.ProbeAsync(address, cancellationToken);
        }
        catch (Exception e) when (e is PermanentException or TransientException)
        {
            return null;
        }
    }

    private async Task<SnapshotResult> TakeAsync(Stream file, CancellationToken cancellationToken)
    {
        var caches = new LiveCaches(new LocalCredentials(context.ReadVariable), context.Time) { Pieces = pieces };
        await TellOfClusterAsync(caches, cancellationToken);
        ISnapshotSource source = caches.Source(address, method, SlotSet.All);
        await using ProgressPhase progress = context.Console.Begin("snapshot");
        SnapshotResult result = await SnapshotRun.RunAsync(source, file, context.Time, SnapshotOptions.Default, progress, cancellationToken);
        progress.Complete();
        return result;
    }
}
