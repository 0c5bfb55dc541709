using Amazon.S3;
using Amazon.S3.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <content>Links to objects.</content>
public sealed partial class S3ObjectStore : IPresigningStore
{
    public async Task<Uri> PresignAsync(ObjectKey key, string fileName, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var request = new GetPreSignedUrlRequest
        {
            BucketName = _location.Bucket,
            Key = FullKey(key),
            Verb = HttpVerb.GET,
            // Whole seconds are counted from a clock that was cut to them: without this one the link would outlive its time.
            Expires = expiresAt.UtcDateTime.AddSeconds(-1),
            Protocol = _isEncrypted ? Protocol.HTTPS : Protocol.HTTP,
            ResponseHeaderOverrides = new ResponseHeaderOverrides
            {
                ContentType = "application/octet-stream",
                ContentDisposition = $"attachment; filename=\"{fileName}\"",
            },
        };
        // Nothing is sent, save by the SDK's chain where the credentials have to be fetched first.
        string url = await CallAsync($"sign a link to '{key}'", isWrite: false, () => _repeating.GetPreSignedURLAsync(request), cancellationToken);
        return new Uri(url);
    }
}
