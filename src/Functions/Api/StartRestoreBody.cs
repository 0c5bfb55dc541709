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

    /// <summary>Keys whose values the target cannot hold are left out and counted, and so are function libraries where it has none.</summary>
    public bool AllowRefused { get; init; }

    /// <summary>
    /// The most bytes of keys and values, as the backup holds them, that the restore writes a second, all its connections together; at least 65,536.
    /// Null: as fast as the target takes them. Comparing is not held back.
    /// </summary>
    public long? MaxBytesPerSecond { get; init; }

    /// <summary>The most keys that the restore writes a second, all its connections together. Null: as fast as the target takes them.</summary>
    public long? MaxKeysPerSecond { get; init; }

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
        AllowRefused = AllowRefused,
        Endpoint = Endpoint?.ToAddress(),
        Serverless = Serverless,
        SelfDesigned = SelfDesigned,
    };

    /// <exception cref="InvalidRequestException">A limit is none that can be kept.</exception>
    public RestoreRate? ToRate() => RestoreRate.Of(MaxBytesPerSecond, MaxKeysPerSecond);

    /// <exception cref="InvalidRequestException">A condition is not one that can be met.</exception>
    public EntrySelection? ToSelection() => EntrySelection.Of(Match, Types, Databases);
}
