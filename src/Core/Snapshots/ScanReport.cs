namespace CacheBackup.Core.Snapshots;

/// <summary>
/// What can be said about change while a scan went on. Every key that existed from its beginning to its end is in the file, as it was at one
/// moment of its own. Persisted in the shard's record.
/// </summary>
public sealed record ScanReport
{
    /// <summary>All databases together, as the server counted them when the scan began.</summary>
    public required long KeysAtStart { get; init; }

    /// <summary>The same when it ended.</summary>
    public required long KeysAtEnd { get; init; }

    /// <summary>Keys that the server named and that were gone, or had expired, when their value was asked for.</summary>
    public required long Vanished { get; init; }

    /// <summary>Keys that the server named again; the first copy counts.</summary>
    public required long Repeated { get; init; }

    /// <summary>Keys that the server removed meanwhile because they expired.</summary>
    public required long Expired { get; init; }

    /// <summary>Keys that the server evicted meanwhile.</summary>
    public required long Evicted { get; init; }

    /// <summary>
    /// Keys that Memcached listed. Those that it counted at the start and did not list had expired, or went before the list came to them.
    /// Null for other engines.
    /// </summary>
    public long? Listed { get; init; }

    /// <summary>
    /// Of the listed ones, keys that no command of the text protocol can name: they are not in the file. Null for other engines.
    /// </summary>
    public long? Unreachable { get; init; }

    /// <summary>From the first question to the last answer.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Keys of slots that the shard of a cluster does not own, left by a migration that was broken off: they are not in the file. Null: none.</summary>
    public long? ForeignKeys { get; init; }

    /// <summary>The user may not ask for functions: whether there are any is unknown, and none is in the file.</summary>
    public bool FunctionsUnknown { get; init; }

    /// <summary>Modules of the server: what they keep outside of keys cannot be scanned and is not in the file. Null: none.</summary>
    public IReadOnlyList<string>? Modules { get; init; }

    /// <summary>In how many slices it was taken; null: in one.</summary>
    public int? Slices { get; init; }

    /// <summary>How often a database was begun again because the server was restarted between two slices; keys that were taken are not taken again. Null: never.</summary>
    public int? Rescans { get; init; }

    /// <summary>Expiries may be a millisecond off: a server before 7.0 tells them relative to its clock.</summary>
    public bool ApproximateExpiries { get; init; }
}
