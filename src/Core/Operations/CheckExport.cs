using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>The export machine's first step: looks at the place before anything is written there, and lists the shards.</summary>
public sealed class CheckExport(ServiceParts parts)
{
    /// <returns>The numbers of the shards to export, in order.</returns>
    /// <exception cref="NoLongerOwnerException">The export was abandoned.</exception>
    /// <exception cref="PermanentException">One of the outcomes of <see cref="BucketPreflight"/>.</exception>
    public async Task<IReadOnlyList<int>> RunAsync(ExportJob job, CancellationToken cancellationToken)
    {
        ExportRecords records = await ExportRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        int[] shards = [.. records.Backup.Shards.Select(s => s.Number)];
        if (records.Export.Files is not null)
        {
            // Checked by an earlier attempt, whose files may be there by now.
            return shards;
        }

        await new BucketPreflight(parts.Buckets).RequireWritableAsync(
            records.Export.Bucket, [.. shards.Select(records.FileOf)], records.Export.ForElastiCache, cancellationToken);
        await parts.Catalog.Exports.ChangeAsync(
            job.Export,
            current =>
            {
                ExportRecords.Check(current, job);
                return current with { Files = [.. shards.Select(shard => new ExportFile(shard, ExportFileState.Planned))] };
            },
            cancellationToken);
        return shards;
    }
}
