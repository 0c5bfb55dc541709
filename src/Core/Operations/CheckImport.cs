using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Core.Operations;

/// <summary>The import machine's first step: the file is there, may be read, and begins like one.</summary>
public sealed class CheckImport(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The import was abandoned.</exception>
    /// <exception cref="InvalidRequestException">Engine or version are neither in the file nor told.</exception>
    /// <exception cref="Rdb.RdbFormatException">The file does not begin like one.</exception>
    /// <exception cref="PermanentException">One of the outcomes of <see cref="BucketPreflight"/>.</exception>
    public async Task RunAsync(NewBackupJob job, CancellationToken cancellationToken)
    {
        ImportRecord record = await ImportRecord.ReadAsync(parts.Catalog, job, cancellationToken);
        ImportOrigin origin = record.Origin;
        BucketFile file = await new BucketPreflight(parts.Buckets).RequireReadableAsync(
            origin.Bucket, record.File, origin.ForElastiCache, cancellationToken);
        ImportSource source = new(parts.Buckets.OpenFiles(origin.Bucket), record.File, origin.Engine, origin.EngineVersion);
        await source.DescribeAsync(file, cancellationToken);
    }
}
