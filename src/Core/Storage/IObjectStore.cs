namespace CacheBackup.Core.Storage;

/// <summary>
/// Where bytes live: S3, a directory on one machine, or memory in tests. One contract suite holds for all of them.
/// <list type="bullet">
/// <item>A write is whole and durable when its task completes, and invisible before.</item>
/// <item>Conditions are decided by the store at the instant of the write, among concurrent processes.</item>
/// <item>A write whose acknowledgement was lost may have happened: the caller reads back.</item>
/// <item>Reading after a write sees it; LIST after a write shows it.</item>
/// <item>Calls may run at the same time; one that is refused for its arguments (<see cref="StoreLimits"/>) was never begun.</item>
/// </list>
/// Errors: <see cref="ObjectNotFoundException"/>, <see cref="PreconditionFailedException"/>, <see cref="UploadNotFoundException"/>,
/// <see cref="StoreFullException"/>, <see cref="StoreAccessDeniedException"/>, <see cref="StoreNotFoundException"/> (permanent) and
/// <see cref="StoreUnavailableException"/> (transient).
/// </summary>
public interface IObjectStore
{
    /// <summary>Reads an object or a range of it; a range that ends beyond the object is cut at its end.</summary>
    /// <exception cref="ObjectNotFoundException">There is no such object.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range begins at or beyond the object's end.</exception>
    Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken);

    /// <summary>The object's summary, or null where there is none.</summary>
    Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Writes a small object in one piece (0 bytes to 5 MiB).</summary>
    /// <exception cref="PreconditionFailedException">
    /// The condition did not hold; nothing was written. An object that is not there matches no tag.
    /// </exception>
    Task<ObjectTag> PutAsync(ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>Removes an object. One that is not there is as good as removed.</summary>
    Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Removes an object that is there with exactly the content that the condition names.</summary>
    /// <exception cref="PreconditionFailedException">It is not, or there is none; nothing was removed.</exception>
    /// <exception cref="ArgumentException">The condition names no content.</exception>
    Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>
    /// The objects whose key starts with <paramref name="prefix"/> (any text, also the empty one) in ordinal order of keys, those after
    /// <paramref name="startAfter"/> only.
    /// </summary>
    IAsyncEnumerable<ObjectSummary> ListAsync(string prefix, string? startAfter, CancellationToken cancellationToken);

    /// <summary>Begins a multipart upload: nothing is visible under the key until it is completed.</summary>
    Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Stores one part, numbered 1–10,000; every part but the one with the highest number has at least 5 MiB. The same number again
    /// replaces the part. The part is durable when the task completes, and a store behind a network has checked its bytes against a
    /// checksum of ours.
    /// </summary>
    /// <exception cref="UploadNotFoundException">The upload was completed or aborted.</exception>
    Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the object out of exactly <paramref name="parts"/>, in the order of their numbers. The condition is
    /// <see cref="WriteCondition.None"/> or <see cref="WriteCondition.Absent"/>: not every store behind S3's protocol heeds
    /// <c>If-Match</c> here, and a data object never replaces another.
    /// </summary>
    /// <exception cref="ArgumentException">No part, a number twice, a part too small, or a condition that asks for a tag.</exception>
    /// <exception cref="PreconditionFailedException">The condition did not hold; the upload stays open.</exception>
    /// <exception cref="UploadNotFoundException">
    /// The upload is not open, or it does not have one of the parts. A store that remembers its completed uploads may give the tag of
    /// the object once more instead.
    /// </exception>
    Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken);

    /// <summary>Gives an upload and its parts up. One that is not open is as good as aborted.</summary>
    Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken);

    /// <summary>The open uploads whose key starts with <paramref name="prefix"/>, in no promised order.</summary>
    IAsyncEnumerable<OpenUpload> ListUploadsAsync(string prefix, CancellationToken cancellationToken);
}
