namespace CacheBackup.Core.Model;

/// <summary>What a backup is restored into. Persisted by name.</summary>
public enum RestoreTargetKind
{
    /// <summary>A server process of its own, which the service makes.</summary>
    Server,

    /// <summary>An endpoint of the user's, which must be empty.</summary>
    Endpoint,

    /// <summary>A serverless ElastiCache cache.</summary>
    Serverless,

    /// <summary>A self-designed ElastiCache cluster.</summary>
    SelfDesigned,
}
