using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Functions.Api;

/// <summary>The body of <c>POST /backups/{name}/restore</c>.</summary>
public sealed record StartRestoreBody
{
    /// <summary>The new cache's name.</summary>
    public required string Cache { get; init; }

    /// <summary>Null: the backup's own.</summary>
    public CacheEngine? Engine { get; init; }

    /// <summary>A cache of the user's own, which must be empty; null: another target.</summary>
    public EndpointBody? Endpoint { get; init; }

    /// <summary>A serverless ElastiCache cache; null: another target.</summary>
    public ServerlessTarget? Serverless { get; init; }

    /// <summary>A self-designed ElastiCache cluster; null: another target.</summary>
    public SelfDesignedTarget? SelfDesigned { get; init; }

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

    /// <exception cref="InvalidRequestException">A member breaks its rule.</exception>
    public RestoreTargetSpec ToTarget() => new()
    {
        Engine = Engine,
        Fill = Fill,
        AllowEngineChange = AllowEngineChange,
        AllowDamaged = AllowDamaged,
        Endpoint = Endpoint?.ToAddress(),
        Serverless = Serverless,
        SelfDesigned = SelfDesigned,
    };

    /// <exception cref="InvalidRequestException">A condition is not one that can be met.</exception>
    public EntrySelection? ToSelection() => EntrySelection.Of(Match, Types, Databases);
}
