using System.Text.Json.Serialization;

namespace CacheBackup.Local.Commands;

/// <summary>What checking a file has shown. Its JSON form is for scripts: names are kept.</summary>
internal sealed record Verification
{
    public required string File { get; init; }

    /// <summary><c>verified</c>, <c>unverified</c>, <c>damaged</c> or <c>unsupported</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>One sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>What is wrong, in one word; null if nothing is.</summary>
    public required string? Code { get; init; }

    /// <summary>The first byte that cannot be right; null if none is wrong.</summary>
    public required long? Offset { get; init; }

    /// <summary>Null if the file does not even begin like one.</summary>
    public required string? RdbVersion { get; init; }

    /// <summary>The file's.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>
    /// The SHA-256 over the lengths and SHA-256s of its segments, as a backup's manifest holds it; null where the file is not readable.
    /// </summary>
    public required string? ContentDigest { get; init; }

    /// <summary>Parts that can be restored on their own; null where the file is not readable.</summary>
    public required int? Segments { get; init; }

    /// <summary>Up to the error, where there is one; so is all that follows.</summary>
    public required long Keys { get; init; }

    public required long KeysWithExpiry { get; init; }

    public required long ExpiredKeys { get; init; }

    public required long Functions { get; init; }

    public required IReadOnlyList<int> Databases { get; init; }

    /// <summary>Keys by the way they are stored.</summary>
    public required IReadOnlyDictionary<string, long> Types { get; init; }

    /// <summary>A restore may start from it.</summary>
    [JsonIgnore]
    public bool IsReadable => Verdict is "verified" or "unverified";
}
