using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Recording;

/// <summary>Links whose signer must be allowed to read what they lead to.</summary>
public sealed class RecordingDownloads(CallRecorder recorder) : IDownloads
{
    public Task<Uri> LinkAsync(DownloadSubject subject, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        recorder.Note(subject.Backup.Location is { } place ? $"s3://{place.Bucket}" : RecordingObjectStore.Data, "Sign", "data/x/shard-x");
        return Task.FromResult(new Uri("https://example.test/file"));
    }
}
