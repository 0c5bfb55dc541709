using Amazon.S3;
using Amazon.S3.Model;
using CacheBackup.Core;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <content>Copies that S3 makes by itself, also from another bucket or Region.</content>
public sealed partial class S3ObjectStore : IServerSideCopy
{
    // S3 copies a part at some 100 MB/s; a larger one might outlast the wait for one answer. Objects up to this are one part, and then
    // the part's SHA-256, which S3 computes, is the object's.
    private const long SinglePartBytes = 1L << 30;
    private const long CopyPartBytes = 512L << 20;
    private const int CopyParts = 8;

    /// <remarks>
    /// Always as an upload of copied parts, also for small objects: only its completion takes <c>If-None-Match</c> everywhere, and only
    /// that keeps two copies from replacing one another.
    /// </remarks>
    public async Task<ServerSideCopy?> TryCopyAsync(
        IObjectStore source, ObjectKey sourceKey, long lengthBytes, ObjectKey key, CancellationToken cancellationToken)
    {
        if (source is not S3ObjectStore other || other._options.Endpoint != _options.Endpoint)
        {
            return null;
        }

        UploadId upload = await BeginUploadAsync(key, ChecksumAlgorithm.SHA256, cancellationToken);
        try
        {
            CopyPartResponse[] parts = await CopyPartsAsync(other, sourceKey, lengthBytes, key, upload, cancellationToken);
            ObjectTag tag = await CompleteCopyAsync(key, upload, parts, cancellationToken);
            return new ServerSideCopy(tag, parts is [{ ChecksumSHA256: { Length: > 0 } only }] ? Hexadecimal(only) : null);
        }
        catch
        {
            await GiveUpAsync(key, upload);
            throw;
        }
    }

    /// <summary>In a time of its own. Whatever comes of it, the caller hears why the copy failed: an upload that is left open is found by the purge.</summary>
    private async Task GiveUpAsync(ObjectKey key, UploadId upload)
    {
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _timeProvider);
        try
        {
            await AbortUploadAsync(key, upload, limit.Token);
        }
        catch (Exception left) when (left is TransientException or PermanentException or OperationCanceledException)
        {
            // Told of nowhere: the failure that led here is what there is to mend.
        }
    }

    private static string Hexadecimal(string base64) => Convert.ToHexStringLower(Convert.FromBase64String(base64));

    private async Task<CopyPartResponse[]> CopyPartsAsync(
        S3ObjectStore other, ObjectKey sourceKey, long lengthBytes, ObjectKey key, UploadId upload, CancellationToken cancellationToken)
    {
        long partBytes = lengthBytes <= SinglePartBytes ? lengthBytes : Math.Max(CopyPartBytes, (lengthBytes / StoreLimits.MaxPartNumber) + 1);
        CopyPartResponse[] parts = new CopyPartResponse[(lengthBytes + partBytes - 1) / partBytes];
        await Parallel.ForAsync(
            0,
            parts.Length,
            new ParallelOptions { MaxDegreeOfParallelism = CopyParts, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                long begin = number * partBytes;
                var request = new CopyPartRequest
                {
                    SourceBucket = other._location.Bucket,
                    SourceKey = other.FullKey(sourceKey),
                    DestinationBucket = _location.Bucket,
                    DestinationKey = FullKey(key),
                    UploadId = upload.Value,
                    PartNumber = number + 1,
                };
                if (parts.Length > 1)
                {
                    (request.FirstByte, request.LastByte) = (begin, Math.Min(begin + partBytes, lengthBytes) - 1);
                }

                parts[number] = await CallAsync(
                    $"copy '{sourceKey}' from {other._location}", isWrite: false, () => _repeating.CopyPartAsync(request, token), token);
            });
        return parts;
    }

    private async Task<ObjectTag> CompleteCopyAsync(
        ObjectKey key, UploadId upload, CopyPartResponse[] parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = _location.Bucket,
            Key = FullKey(key),
            UploadId = upload.Value,
            PartETags = [.. parts.Select((part, i) => new PartETag(i + 1, part.ETag) { ChecksumSHA256 = part.ChecksumSHA256 })],
            IfNoneMatch = "*",
        };
        return await CompleteAsync(key, request, cancellationToken);
    }
}
