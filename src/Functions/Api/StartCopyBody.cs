using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>The body of <c>POST /backups/{name}/copy</c>.</summary>
public sealed record StartCopyBody
{
    /// <summary>The copy's name.</summary>
    public required string Name { get; init; }

    /// <summary>One of the configured copy targets; null: the service's own store.</summary>
    public string? Location { get; init; }

    /// <summary>Null: the source's tags.</summary>
    public IReadOnlyList<Tag>? Tags { get; init; }
}
