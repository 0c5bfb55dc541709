namespace CacheBackup.Local.Commands;

/// <summary>What is in an RDB file. Its JSON form is for scripts: names are kept.</summary>
internal sealed record Inspection
{
    public required string File { get; init; }

    public required long SizeBytes { get; init; }

    public required string RdbVersion { get; init; }

    /// <summary><c>redis</c> or <c>valkey</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>Of the server that wrote the file, where it says.</summary>
    public required string? ServerVersion { get; init; }

    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>False: the file states no checksum, or is of a version without them.</summary>
    public required bool CrcVerified { get; init; }

    public required long Keys { get; init; }

    public required long KeysWithExpiry { get; init; }

    /// <summary>Of those, keys whose time had come when the file was written.</summary>
    public required long ExpiredKeys { get; init; }

    /// <summary>What all data would take in a server, estimated; what the server takes for itself comes on top.</summary>
    public required long EstimatedMemoryBytes { get; init; }

    /// <summary>Values whose inner structure contradicts itself; measured by their stored bytes alone.</summary>
    public required long UnsoundValues { get; init; }

    /// <summary>Where the first of them begins.</summary>
    public required long? FirstUnsoundOffset { get; init; }

    public required IReadOnlyDictionary<string, string> Auxiliary { get; init; }

    public required IReadOnlyList<InspectedGroup> Types { get; init; }

    /// <summary>As types, but by how values are stored.</summary>
    public required IReadOnlyList<InspectedGroup> Encodings { get; init; }

    /// <summary>As types, but by how a server holds them, as OBJECT ENCODING says it.</summary>
    public required IReadOnlyList<InspectedGroup> ServerEncodings { get; init; }

    public required IReadOnlyList<InspectedGroup> Databases { get; init; }

    public required InspectedPrefixes Prefixes { get; init; }

    /// <summary>Keys with an expiry by how long they still had to live when the file was written.</summary>
    public required IReadOnlyList<InspectedGroup> Expiries { get; init; }

    /// <summary>Keys by their bytes in the file.</summary>
    public required IReadOnlyList<InspectedGroup> Sizes { get; init; }

    public required IReadOnlyList<InspectedFunction> Functions { get; init; }

    public required IReadOnlyList<string> Modules { get; init; }

    public required IReadOnlyList<InspectedKey> Biggest { get; init; }

    public required IReadOnlyList<InspectedKey> MostElements { get; init; }
}
