namespace CacheBackup.Core.Operations;

/// <summary>Signs links by which a data file can be fetched for a short time, without any other credentials.</summary>
public interface IDownloads
{
    /// <summary>A link to a data file.</summary>
    /// <param name="subject">What it leads to.</param>
    /// <param name="expiresAt">From then on it leads nowhere; at most <see cref="DownloadBackup.Validity"/> from now.</param>
    Task<Uri> LinkAsync(DownloadSubject subject, DateTimeOffset expiresAt, CancellationToken cancellationToken);
}
