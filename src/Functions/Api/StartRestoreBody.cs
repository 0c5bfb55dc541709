using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>The body of <c>POST /backups/{name}/restore</c>.</summary>
public sealed record StartRestoreBody
{
    /// <summary>The new cache's name.</summary>
    public required string Cache { get; init; }

    /// <summary>Null: the backup's own.</summary>
    public CacheEngine? Engine { get; init; }

    public RestoreFill Fill { get; init; }

    public bool AllowEngineChange { get; init; }

    public bool AllowDamaged { get; init; }

    /// <summary>A glob for key names, as KEYS has it; null: any.</summary>
    public string? Match { get; init; }

    /// <summary>Types of values as TYPE names them; null: any.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Numbers of databases; null: any.</summary>
    public IReadOnlyList<int>? Databases { get; init; }

    /// <summary>Null: the backup's tags.</summary>
    public IReadOnlyList<Tag>? Tags { get; init; }
}
