namespace CacheBackup.Core.Model;

/// <summary>How the data gets into a new server. Persisted by name.</summary>
public enum RestoreFill
{
    /// <summary>Entry by entry, in parallel, with RESTORE: into any server that knows the types.</summary>
    Restore,

    /// <summary>The server loads the file at its start: only a server that knows the file's RDB version.</summary>
    Load,
}
