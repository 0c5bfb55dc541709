namespace CacheBackup.Core.Storage.Files;

/// <summary>What a file system's errors mean to a caller of the store.</summary>
internal static class StoreErrors
{
    private const int DiskFull = 28; // ENOSPC
    private const int ReadOnlyFileSystem = 30; // EROFS
    private static readonly int QuotaExceeded = OperatingSystem.IsMacOS() ? 69 : 122; // EDQUOT

    /// <summary>The store's exception for a file system's, or null where it is something else, as a mistake of ours.</summary>
    public static Exception? Translate(Exception failure, string root) => failure switch
    {
        UnauthorizedAccessException => new StoreAccessDeniedException(
            $"This user may not read or write everything under {root}: {failure.Message} Give the directory to the user that runs this "
            + $"process (chown -R <user> {root}; chmod -R u+rwX {root}).",
            failure),
        IOException { HResult: ReadOnlyFileSystem } => new StoreAccessDeniedException(
            $"The file system of {root} is mounted read-only; mount it writable or choose another directory.", failure),
        IOException { HResult: DiskFull } => Full(root, failure),
        IOException disk when disk.HResult == QuotaExceeded => Full(root, failure),
        _ when FileTooLarge.IsToldBy(failure) => new StoreFullException($"{root}: {FileTooLarge.Message}", failure),
        IOException => new StoreUnavailableException($"The directory {root} failed: {failure.Message}", failure),
        _ => null,
    };

    private static StoreFullException Full(string root, Exception failure) =>
        new($"The disk or the quota of {root} is full; free space there or choose another directory.", failure);
}
