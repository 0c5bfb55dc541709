using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using CacheBackup.Core.Storage;
using ByteRange = CacheBackup.Core.Storage.ByteRange;

namespace CacheBackup.Aws;

/// <summary>
/// Objects under a prefix of one bucket, in S3 or in a store that speaks its protocol. Every body is sent with a CRC-32 that S3
/// checks before it acknowledges. One instance serves a whole process: its connections are kept and shared by all calls.
/// </summary>
public sealed partial class S3ObjectStore : IObjectStore, IDisposable
{
    // 409 says that nothing was written because other writes were in the way; a few tries spare the caller a read back.
    private const int ConflictAttempts = 4;
    private static readonly TimeSpan ConflictDelay = TimeSpan.FromMilliseconds(100);

    private readonly S3Location _location;
    private readonly S3StoreOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly AmazonS3Client _repeating;
    private readonly AmazonS3Client _once;
    private readonly bool _isEncrypted;

    private S3ObjectStore(S3Location location, S3StoreOptions options, TimeProvider timeProvider, AWSCredentials? credentials)
    {
        (_location, _options, _timeProvider) = (location, options, timeProvider);
        _isEncrypted = options.Endpoint is null || options.Endpoint.Scheme == Uri.UriSchemeHttps;
        (_repeating, _once) = (Client(options.Retries), Client(retries: 0));

        AmazonS3Client Client(int retries)
        {
            AmazonS3Config config = S3ClientConfig.Create(options, retries);
            return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
        }
    }

    /// <summary>Makes a store. Nothing is sent yet: a bucket that is missing or closed shows at the first call.</summary>
    /// <param name="location">Bucket and prefix.</param>
    /// <param name="options">Endpoint, Region and time limits.</param>
    /// <param name="timeProvider">The clock of waits.</param>
    /// <param name="credentials">Null: from the SDK's chain.</param>
    /// <exception cref="StoreNotFoundException">No Region is known.</exception>
    public static S3ObjectStore Open(
        S3Location location, S3StoreOptions options, TimeProvider timeProvider, AWSCredentials? credentials = null) =>
        new(location, options, timeProvider, credentials);

    public async Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        StoreLimits.CheckRange(range);
        var request = new GetObjectRequest { BucketName = _location.Bucket, Key = FullKey(key) };
        if (range is { } asked)
        {
            // The last byte is named, not the length; S3 cuts it at the object's end.
            long last = asked.OffsetBytes > long.MaxValue - asked.LengthBytes ? long.MaxValue - 1 : asked.OffsetBytes + asked.LengthBytes - 1;
            request.ByteRange = new Amazon.S3.Model.ByteRange(asked.OffsetBytes, last);
        }

        GetObjectResponse response = await CallAsync(
            $"read '{key}'", isWrite: false, () => _repeating.GetObjectAsync(request, cancellationToken), cancellationToken);
        long length = response.ContentLength;
        long objectLength = range is null ? length : ObjectLength(response.ContentRange, key);
        var body = new S3BodyStream(response.ResponseStream, length, key, _options.ReadTimeout);
        return new ObjectContent(body, length, objectLength, TagOf(response.ETag));
    }

    public async Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = _location.Bucket, Key = FullKey(key) };
        try
        {
            GetObjectMetadataResponse response = await CallAsync(
                $"look at '{key}'", isWrite: false, () => _repeating.GetObjectMetadataAsync(request, cancellationToken), cancellationToken);
            return new ObjectSummary(key, response.ContentLength, TagOf(response.ETag), Utc(response.LastModified));
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    public async Task<ObjectTag> PutAsync(
        ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPut(content);
        return await WithoutConflictAsync(() => PutOnceAsync(key, content, condition, cancellationToken), cancellationToken);
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => _options.Lock is null
        ? CallAsync(
            $"delete '{key}'",
            isWrite: false,
            () => _repeating.DeleteObjectAsync(_location.Bucket, FullKey(key), cancellationToken),
            cancellationToken)
        : DeleteVersionsAsync(key, cancellationToken);

    public async Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken)
    {
        DeleteObjectRequest request = new()
        {
            BucketName = _location.Bucket,
            Key = FullKey(key),
            IfMatch = Quoted(StoreLimits.CheckDelete(condition)),
        };
        await WithoutConflictAsync(
            () => CallAsync($"delete '{key}'", isWrite: true, () => _once.DeleteObjectAsync(request, cancellationToken), cancellationToken),
            cancellationToken);
        if (_options.Lock is not null)
        {
            await DeleteVersionsAsync(key, cancellationToken);
        }
    }

    public async IAsyncEnumerable<ObjectSummary> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = _location.Bucket,
            Prefix = _location.KeyPrefix + prefix,
            StartAfter = startAfter is null ? null : _location.KeyPrefix + startAfter,
        };
        do
        {
            ListObjectsV2Response page = await CallAsync(
                $"list '{prefix}'", isWrite: false, () => _repeating.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            foreach (S3Object found in page.S3Objects ?? [])
            {
                // What others keep under the prefix, and a console's "folders", are none of our objects.
                if (OwnKey(found.Key) is { } key)
                {
                    yield return new ObjectSummary(key, found.Size ?? 0, TagOf(found.ETag), Utc(found.LastModified));
                }
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    public void Dispose()
    {
        _repeating.Dispose();
        _once.Dispose();
    }

    private async Task<ObjectTag> PutOnceAsync(
        ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        var request = new PutObjectRequest
        {
            BucketName = _location.Bucket,
            Key = FullKey(key),
            InputStream = StreamOf(content),
            ChecksumCRC32 = S3PartTag.Crc32Of(content.Span),
            UseChunkEncoding = false,
            DisablePayloadSigning = _isEncrypted,
            ServerSideEncryptionMethod = _options.KmsKey is null ? null : ServerSideEncryptionMethod.AWSKMS,
            ServerSideEncryptionKeyManagementServiceKeyId = _options.KmsKey,
            BucketKeyEnabled = _options.KmsKey is null ? null : true,
            IfNoneMatch = condition.MustBeAbsent ? "*" : null,
            IfMatch = condition.MustMatch is { } tag ? Quoted(tag) : null,
        };
        AmazonS3Client client = condition == WriteCondition.None ? _repeating : _once;
        PutObjectResponse response = await CallAsync(
            $"write '{key}'", condition.MustMatch is not null, () => client.PutObjectAsync(request, cancellationToken), cancellationToken);
        return TagOf(response.ETag);
    }

    private async Task<T> WithoutConflictAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await write();
            }
            catch (StoreUnavailableException conflict) when (IsConflict(conflict) && attempt < ConflictAttempts)
            {
                await Task.Delay(ConflictDelay * attempt * Random.Shared.NextDouble(), _timeProvider, cancellationToken);
            }
        }
    }

    private static bool IsConflict(StoreUnavailableException failure) =>
        failure.InnerException is AmazonServiceException { StatusCode: System.Net.HttpStatusCode.Conflict };

    private static ObjectTag TagOf(string? etag) => new((etag ?? "").Trim('"'));

    private static string Quoted(ObjectTag tag) => $"\"{tag.Value}\"";

    private static DateTimeOffset Utc(DateTime? time) => new((time ?? DateTime.UnixEpoch).ToUniversalTime(), TimeSpan.Zero);

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(content.ToArray(), writable: false);

    /// <summary>The whole object's length in <c>bytes 0-3/10</c>.</summary>
    private static long ObjectLength(string? contentRange, ObjectKey key) =>
        long.TryParse(contentRange?[(contentRange.LastIndexOf('/') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? length
            : throw new StoreUnavailableException($"S3 answered a range of '{key}' without saying which; read it again.");

    private string FullKey(ObjectKey key) => _location.KeyPrefix + key.Value;

    private ObjectKey? OwnKey(string fullKey)
    {
        if (!fullKey.StartsWith(_location.KeyPrefix, StringComparison.Ordinal) || fullKey.Length == _location.KeyPrefix.Length)
        {
            return null;
        }

        string rest = fullKey[_location.KeyPrefix.Length..];
        return _options.TakesAnyKey ? ObjectKey.OfOthers(rest) : ObjectKey.TryParse(rest, out ObjectKey key) ? key : null;
    }

    private async Task<T> CallAsync<T>(string subject, bool isWrite, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested
            && S3Errors.Translate(failure, _location, subject, isWrite) is { } meaning)
        {
            throw meaning;
        }
    }
}
