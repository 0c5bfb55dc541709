using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using BackupManifest = CacheBackup.Core.Model.Backup;

namespace CacheBackup.Functions.Api;

/// <summary>A link to a data file, and how a server of one's own is started on it.</summary>
public sealed record DownloadView
{
    public required Uri Url { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string FileName { get; init; }

    public required int Shard { get; init; }

    /// <summary>Of the file as it is stored; left out for a part, which is made as it is fetched.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Of the file as it is stored; a part ends with a checksum that every server looks at.</summary>
    public string? Sha256 { get; init; }

    public SelfManagedServer? SelfManaged { get; init; }

    public static DownloadView Of(BackupDownload download, BackupManifest backup) => new()
    {
        Url = download.Url,
        ExpiresAt = download.ExpiresAt,
        FileName = download.FileName,
        Shard = download.Shard.Number,
        SizeBytes = download.Selection is null ? download.Shard.SizeBytes : null,
        Sha256 = download.Selection is null ? download.Shard.Sha256 : null,
        SelfManaged = SelfManagedServer.Of(backup),
    };
}
