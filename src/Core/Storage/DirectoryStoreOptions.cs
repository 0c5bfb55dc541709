namespace CacheBackup.Core.Storage;

/// <summary>How a <see cref="DirectoryObjectStore"/> treats its disk and its neighbours.</summary>
public sealed record DirectoryStoreOptions
{
    /// <summary>
    /// Bytes of the disk that parts leave free, so that a disk full of data still takes the small documents which say so.
    /// </summary>
    public long ReserveBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long a write waits for another process that holds the same key before it fails as unavailable.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Temporary files untouched for longer than this and locked by no process are removed when the store is opened.</summary>
    public TimeSpan TemporaryLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The bytes that the file system of a path has free for this user.</summary>
    public Func<string, long> FreeBytes { get; init; } = path => new DriveInfo(path).AvailableFreeSpace;
}
