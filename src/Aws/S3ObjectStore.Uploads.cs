using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <content>Multipart uploads.</content>
public sealed partial class S3ObjectStore
{
    public Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        BeginUploadAsync(key, ChecksumAlgorithm.CRC32, cancellationToken);

    private async Task<UploadId> BeginUploadAsync(ObjectKey key, ChecksumAlgorithm checksum, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = _location.Bucket,
            Key = FullKey(key),
            // Named here, or S3 refuses parts that carry one.
            ChecksumAlgorithm = checksum,
            ServerSideEncryptionMethod = _options.KmsKey is null ? null : ServerSideEncryptionMethod.AWSKMS,
            ServerSideEncryptionKeyManagementServiceKeyId = _options.KmsKey,
            BucketKeyEnabled = _options.KmsKey is null ? null : true,
        };
        InitiateMultipartUploadResponse response = await CallAsync(
            $"begin to upload '{key}'",
            isWrite: false,
            () => _repeating.InitiateMultipartUploadAsync(request, cancellationToken),
            cancellationToken);
        return new UploadId(response.UploadId);
    }

    public async Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPartNumber(partNumber);
        string crc = S3PartTag.Crc32Of(content.Span);
        var request = new UploadPartRequest
        {
            BucketName = _location.Bucket,
            Key = FullKey(key),
            UploadId = upload.Value,
            PartNumber = partNumber,
            PartSize = content.Length,
            InputStream = StreamOf(content),
            ChecksumCRC32 = crc,
            UseChunkEncoding = false,
            DisablePayloadSigning = _isEncrypted,
        };
        UploadPartResponse response = await CallAsync(
            $"store part {partNumber} of '{key}'",
            isWrite: false,
            () => _repeating.UploadPartAsync(request, cancellationToken),
            cancellationToken);
        if (response.ChecksumCRC32 is { Length: > 0 } stored && stored != crc)
        {
            throw new StoreUnavailableException($"S3 stored other bytes than were sent as part {partNumber} of '{key}'; send it again.");
        }

        return new UploadedPart(partNumber, new S3PartTag(TagOf(response.ETag).Value, crc).ToTag(), content.Length);
    }

    public async Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken)
    {
        IReadOnlyList<UploadedPart> ordered = StoreLimits.CheckParts(parts, condition);
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = _location.Bucket,
            Key = FullKey(key),
            UploadId = upload.Value,
            PartETags = [.. ordered.Select(part => Listed(key, part))],
            MpuObjectSize = ordered.Sum(part => part.LengthBytes),
            IfNoneMatch = condition.MustBeAbsent ? "*" : null,
        };
        return await CompleteAsync(key, request, cancellationToken);
    }

    private async Task<ObjectTag> CompleteAsync(ObjectKey key, CompleteMultipartUploadRequest request, CancellationToken cancellationToken)
    {
        // Never repeated by the SDK: the second attempt finds no upload, and only the caller knows that the first one was its own.
        CompleteMultipartUploadResponse response = await CallAsync(
            $"complete the upload of '{key}'",
            isWrite: false,
            () => _once.CompleteMultipartUploadAsync(request, cancellationToken),
            cancellationToken);
        // S3 answers 200 before it has put the parts together, and an error may follow in the body.
        return response.ETag is { Length: > 0 } etag
            ? TagOf(etag)
            : throw new StoreUnavailableException($"S3 broke off the answer to completing '{key}'; look whether it is there.");
    }

    public async Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken)
    {
        var request = new AbortMultipartUploadRequest { BucketName = _location.Bucket, Key = FullKey(key), UploadId = upload.Value };
        try
        {
            await CallAsync(
                $"give up the upload of '{key}'",
                isWrite: false,
                () => _repeating.AbortMultipartUploadAsync(request, cancellationToken),
                cancellationToken);
        }
        catch (UploadNotFoundException)
        {
            // As good as aborted.
        }
    }

    public async IAsyncEnumerable<OpenUpload> ListUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = _location.Bucket, Prefix = _location.KeyPrefix + prefix };
        bool hasMore;
        do
        {
            ListMultipartUploadsResponse page = await CallAsync(
                $"list the uploads of '{prefix}'",
                isWrite: false,
                () => _repeating.ListMultipartUploadsAsync(request, cancellationToken),
                cancellationToken);
            foreach (MultipartUpload open in page.MultipartUploads ?? [])
            {
                if (OwnKey(open.Key) is { } key)
                {
                    yield return new OpenUpload(key, new UploadId(open.UploadId), Utc(open.Initiated));
                }
            }

            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
            hasMore = page.IsTruncated == true;
        }
        while (hasMore);
    }

    private static PartETag Listed(ObjectKey key, UploadedPart part)
    {
        S3PartTag tag = S3PartTag.Parse(part.Tag)
            ?? throw new UploadNotFoundException($"The upload of '{key}' does not have part {part.Number}: its tag is not S3's.");
        return new PartETag(part.Number, tag.ETag) { ChecksumCRC32 = tag.Crc32 };
    }
}
