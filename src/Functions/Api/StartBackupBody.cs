using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>The body of <c>POST /backups</c>.</summary>
public sealed record StartBackupBody
{
    public required string Name { get; init; }

    public required string Cache { get; init; }

    /// <summary>Null: the cache's tags.</summary>
    public IReadOnlyList<Tag>? Tags { get; init; }
}
