namespace CacheBackup.Caches;

/// <summary>What a connection is in the middle of: it decides what its end means.</summary>
internal enum ConnectionPhase
{
    /// <summary>The peer has sent nothing yet: it may be no cache, or want TLS.</summary>
    Unanswered,

    /// <summary>Commands and replies.</summary>
    Conversing,

    /// <summary>A data set was asked for.</summary>
    Transferring,
}
