using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>Writes a part of one data file of a backup as an RDB file of its own, as it is fetched.</summary>
public sealed class DownloadPart(ServiceParts parts)
{
    /// <returns>How many keys the part has.</returns>
    /// <exception cref="BackupDamagedException">Stored bytes differ from their digests: what was written so far is not a file.</exception>
    public async Task<long> RunAsync(
        Backup backup, ShardManifest shard, EntrySelection selection, Stream output, CancellationToken cancellationToken)
    {
        IObjectStore store = parts.StoreOf(backup);
        SegmentIndex index = await SegmentIndexes.ReadAsync(store, shard, cancellationToken);
        RestoreRange range = RestoreRange.Whole(shard.DataKey, index) with { Selection = selection };
        return await new PartFile(store, parts.Time).WriteAsync(range, output, null, cancellationToken);
    }
}
