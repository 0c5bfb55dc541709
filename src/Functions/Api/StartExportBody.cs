namespace CacheBackup.Functions.Api;

/// <summary>The body of <c>POST /backups/{name}/export</c>.</summary>
public sealed record StartExportBody
{
    /// <summary><c>s3://bucket/folder</c>, <c>bucket/folder</c> or a directory; at or below a configured one.</summary>
    public required string Location { get; init; }

    /// <summary>What the files' names begin with.</summary>
    public required string Name { get; init; }

    /// <summary>The check also sees that ElastiCache could read the files.</summary>
    public bool ForElastiCache { get; init; }
}
