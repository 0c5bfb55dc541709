namespace CacheBackup.Core.Restores;

/// <summary>Whether a backup may go into another engine than the one that it was taken from.</summary>
public enum EngineChange
{
    /// <summary>Redis OSS to Redis OSS, Valkey to Valkey.</summary>
    Refused,

    /// <summary>Also Redis OSS to Valkey, on the user's word (<c>allowEngineChange</c>).</summary>
    RedisToValkey,

    /// <summary>Either way, on the user's word: for the commands on files.</summary>
    Any,
}
