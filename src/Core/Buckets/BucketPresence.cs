namespace CacheBackup.Core.Buckets;

/// <summary>Whether a bucket or a directory is there.</summary>
public enum BucketPresence
{
    Present,
    Missing,

    /// <summary>It is there, and the caller may not even ask for it.</summary>
    Forbidden,
}
