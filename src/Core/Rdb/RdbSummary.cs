namespace CacheBackup.Core.Rdb;

/// <summary>What a walk over a file (or over one segment of it) has counted.</summary>
public sealed record RdbSummary
{
    public required RdbVersion Version { get; init; }

    /// <summary>The auxiliary fields that stand in the file, short ones only: name → value.</summary>
    public required IReadOnlyDictionary<string, string> Auxiliary { get; init; }

    /// <summary>The version text of the server that wrote the file (<c>redis-ver</c> or <c>valkey-ver</c>), where it says.</summary>
    public string? ServerVersion =>
        Auxiliary.TryGetValue("valkey-ver", out string? version) || Auxiliary.TryGetValue("redis-ver", out version) ? version : null;

    /// <summary>When the file was written, by the server's clock, to the second (<c>ctime</c>), where it says.</summary>
    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The server's memory use when it wrote the file (<c>used-mem</c>), where it says.</summary>
    public required long? UsedMemoryBytes { get; init; }

    /// <summary>The instant that <see cref="ExpiredKeys"/> refers to; null: none was known, and nothing counts as expired.</summary>
    public required DateTimeOffset? AsOf { get; init; }

    public required long Keys { get; init; }

    /// <summary>Keys whose expiry is at or before <see cref="AsOf"/>: in the file, but gone for clients.</summary>
    public required long ExpiredKeys { get; init; }

    public required long KeysWithExpiry { get; init; }

    public required IReadOnlyDictionary<RdbType, long> Types { get; init; }

    public required IReadOnlyDictionary<RdbOpcode, long> Opcodes { get; init; }

    /// <summary>Every database that is selected or holds a key, by number.</summary>
    public required IReadOnlyList<RdbDatabaseSummary> Databases { get; init; }

    /// <summary>The number of function libraries.</summary>
    public required long Functions { get; init; }

    /// <summary>Modules with data outside of keys, each once, in order.</summary>
    public required IReadOnlyList<RdbModule> ModuleAuxiliary { get; init; }

    public bool HasModuleAuxiliary => ModuleAuxiliary.Count > 0;

    /// <summary>Key and value of the largest of Memcached's items; null where the file is not of such.</summary>
    public long? LargestItemBytes { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>The CRC-64 as computed here, over everything but the eight bytes that state it.</summary>
    public required ulong Crc64 { get; init; }

    public required RdbCrcState CrcState { get; init; }
}
