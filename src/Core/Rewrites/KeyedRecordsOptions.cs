namespace CacheBackup.Core.Rewrites;

/// <summary>How much of what is remembered of keys stays in memory.</summary>
public sealed record KeyedRecordsOptions
{
    public static KeyedRecordsOptions Default { get; } = new();

    /// <summary>Bytes of records that are kept in memory; beyond that all go into a temporary file. Default 256 MiB.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>Where the temporary file is made, if it is needed. It holds hashes under a secret of the process, and no key. Default: the system's.</summary>
    public string Directory { get; init; } = Path.GetTempPath();
}
