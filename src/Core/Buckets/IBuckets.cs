using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Buckets;

/// <summary>Opens buckets and directories apart from the service's own store: S3, directories of one machine, memory in tests.</summary>
public interface IBuckets
{
    /// <summary>A place that is ours alone, where copies of backups are kept. The same address gives the same store.</summary>
    IObjectStore OpenStore(BucketAddress address);

    /// <summary>A place of somebody else's, where files come from or go to.</summary>
    IBucketFiles OpenFiles(BucketAddress address);

    /// <summary>What a check before the work has to know. Refusals are facts; only a store that does not answer throws.</summary>
    /// <param name="file">A file whose own access is of interest too.</param>
    Task<BucketFacts> ExamineAsync(BucketAddress address, BucketFileName? file, CancellationToken cancellationToken);
}
