using Amazon.S3;
using Amazon.S3.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <content>Objects in a bucket with Object Lock, which is versioned.</content>
public sealed partial class S3ObjectStore : ILockingStore
{
    public Task LockAsync(ObjectKey key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        S3LockMode mode = _options.Lock
            ?? throw new InvalidOperationException($"The store {_location} was opened without a lock mode, and is asked to lock '{key}'.");
        PutObjectRetentionRequest request = new()
        {
            BucketName = _location.Bucket,
            Key = FullKey(key),
            Retention = new ObjectLockRetention
            {
                Mode = mode == S3LockMode.Compliance ? ObjectLockRetentionMode.Compliance : ObjectLockRetentionMode.Governance,
                RetainUntilDate = until.UtcDateTime,
            },
        };
        return CallAsync(
            $"lock '{key}'", isWrite: false, () => _repeating.PutObjectRetentionAsync(request, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Removes all that is there under the key, delete markers last: a plain delete would hide the object, keep its bytes, and bill them.
    /// </summary>
    /// <exception cref="ObjectLockedException">A version is held. What could be removed before it is gone.</exception>
    private async Task DeleteVersionsAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        List<S3ObjectVersion> versions = await VersionsAsync(key, cancellationToken);
        foreach (S3ObjectVersion version in versions.OrderBy(version => version.IsDeleteMarker == true))
        {
            try
            {
                await CallAsync(
                    $"delete a version of '{key}'",
                    isWrite: false,
                    () => _repeating.DeleteObjectAsync(_location.Bucket, version.Key, version.VersionId, cancellationToken),
                    cancellationToken);
            }
            catch (StoreAccessDeniedException refusal) when (version.IsDeleteMarker != true)
            {
                throw await HeldUntilAsync(version, cancellationToken) is { } until ? new ObjectLockedException(key, until, refusal) : refusal;
            }
        }
    }

    private async Task<List<S3ObjectVersion>> VersionsAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        List<S3ObjectVersion> versions = [];
        ListVersionsRequest request = new() { BucketName = _location.Bucket, Prefix = FullKey(key) };
        while (true)
        {
            ListVersionsResponse page = await CallAsync(
                $"list the versions of '{key}'",
                isWrite: false,
                () => _repeating.ListVersionsAsync(request, cancellationToken),
                cancellationToken);

            // In the order of keys: the versions of longer keys that begin like this one follow behind its own.
            versions.AddRange((page.Versions ?? []).Where(version => version.Key == request.Prefix));
            if (page.IsTruncated != true || page.Versions?.LastOrDefault()?.Key != request.Prefix)
            {
                return versions;
            }

            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
        }
    }

    /// <summary>Null: it is not held, or the role may not know.</summary>
    private async Task<DateTimeOffset?> HeldUntilAsync(S3ObjectVersion version, CancellationToken cancellationToken)
    {
        GetObjectRetentionRequest request = new() { BucketName = _location.Bucket, Key = version.Key, VersionId = version.VersionId };
        try
        {
            GetObjectRetentionResponse held = await _repeating.GetObjectRetentionAsync(request, cancellationToken);
            return held.Retention?.RetainUntilDate is { } until && Utc(until) > _timeProvider.GetUtcNow() ? Utc(until) : null;
        }
        catch (AmazonS3Exception)
        {
            return null;
        }
    }
}
