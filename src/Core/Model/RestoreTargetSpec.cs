using System.Text.Json.Serialization;

namespace CacheBackup.Core.Model;

/// <summary>
/// What new cache a restore is to make, or fill: at most one of <see cref="Endpoint"/>, <see cref="Serverless"/> and
/// <see cref="SelfDesigned"/>; without them a server process of its own.
/// </summary>
public sealed record RestoreTargetSpec
{
    /// <summary>Null: the backup's own engine.</summary>
    public CacheEngine? Engine { get; init; }

    public RestoreFill Fill { get; init; }

    /// <summary>A Redis OSS backup may go into Valkey, and the other way round, only where this says so.</summary>
    public bool AllowEngineChange { get; init; }

    /// <summary>
    /// A backup that is known to be damaged is restored only where this says so. Segments whose bytes are not as recorded are then passed
    /// over, and their keys counted as lost.
    /// </summary>
    public bool AllowDamaged { get; init; }

    /// <summary>
    /// Keys whose values the target cannot hold, and function libraries where it has none, are left out and counted only where this says so.
    /// </summary>
    public bool AllowRefused { get; init; }

    /// <summary>An endpoint of the user's own, which must be empty. It is filled, and never stopped or removed.</summary>
    public CacheAddress? Endpoint { get; init; }

    public ServerlessTarget? Serverless { get; init; }

    public SelfDesignedTarget? SelfDesigned { get; init; }

    /// <summary>The KMS key that a new cache of ElastiCache is to be encrypted with; null: AWS's own.</summary>
    [JsonIgnore]
    public string? KmsKey => Serverless?.KmsKey ?? SelfDesigned?.KmsKey;

    [JsonIgnore]
    public RestoreTargetKind Kind => this switch
    {
        { Endpoint: not null } => RestoreTargetKind.Endpoint,
        { Serverless: not null } => RestoreTargetKind.Serverless,
        { SelfDesigned: not null } => RestoreTargetKind.SelfDesigned,
        _ => RestoreTargetKind.Server,
    };
}
