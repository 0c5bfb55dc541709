namespace CacheBackup.Core.Storage;

/// <summary>A store that can hand out links to its objects by itself.</summary>
public interface IPresigningStore
{
    /// <summary>A link by which the object can be fetched until then, as a file of that name.</summary>
    /// <remarks>It also ends with the credentials that it was signed with, where those are temporary.</remarks>
    Task<Uri> PresignAsync(ObjectKey key, string fileName, DateTimeOffset expiresAt, CancellationToken cancellationToken);
}
