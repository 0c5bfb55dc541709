using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Buckets;

/// <summary>
/// The files of one bucket or directory that is not ours: read whole or in ranges, made once, never changed. Errors are those of
/// <see cref="IObjectStore"/>.
/// </summary>
public interface IBucketFiles
{
    /// <summary>Null: there is no such file.</summary>
    Task<BucketFile?> FindAsync(BucketFileName name, CancellationToken cancellationToken);

    /// <summary>Reads a file or a range of it, as <see cref="IObjectStore.GetAsync"/> does.</summary>
    Task<ObjectContent> ReadAsync(BucketFileName name, ByteRange? range, CancellationToken cancellationToken);

    /// <summary>Asks for the first names of the list, and throws where that is not allowed.</summary>
    Task RequireListingAsync(CancellationToken cancellationToken);

    /// <summary>Makes a small file.</summary>
    /// <exception cref="PreconditionFailedException">There is a file of that name; it was left as it is.</exception>
    Task WriteAsync(BucketFileName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a file of an object of ours. Nothing is under the name before the file is whole and its digest is the recorded one.
    /// </summary>
    /// <exception cref="PreconditionFailedException">There is a file of that name; it was left as it is.</exception>
    Task<CopyProof> WriteAsync(
        BucketFileName name, RecordedObject content, IProgress<TransferProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Removes a file. One that is not there is as good as removed.</summary>
    Task RemoveAsync(BucketFileName name, CancellationToken cancellationToken);

    /// <summary>Removes what broken attempts to write a file left beside its name; the file itself stays.</summary>
    Task RemovePartialAsync(BucketFileName name, CancellationToken cancellationToken);
}
