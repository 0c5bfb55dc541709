namespace CacheBackup.Core.Storage;

/// <summary>How a <see cref="MemoryObjectStore"/> behaves where real stores differ.</summary>
public sealed record MemoryStoreOptions
{
    /// <summary>
    /// False: the caller's role lacks <c>s3:ListBucket</c>. S3 then answers 403 to LIST, and also to reading a key that is not there,
    /// so as not to tell which keys are.
    /// </summary>
    public bool MayList { get; init; } = true;

    /// <summary>All objects and parts together, in bytes; a write beyond it throws <see cref="StoreFullException"/>.</summary>
    public long CapacityBytes { get; init; } = long.MaxValue;
}
