using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>For a service that nobody can fetch files from.</summary>
public sealed class NoDownloads : IDownloads
{
    public static NoDownloads Instance { get; } = new();

    public Task<Uri> LinkAsync(DownloadSubject subject, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        throw new CatalogConflictException("This service hands out no files. Export the backup instead.");
}
