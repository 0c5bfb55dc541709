using CacheBackup.Core.Restores;

namespace CacheBackup.Local.Commands;

/// <summary>
/// How far a restore from a file has come: which file, into which server process, and which of its ranges are done. It holds no key and no
/// password.
/// </summary>
internal sealed record RestoreJournalEntry
{
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The file's content digest, so that another file under the same name is not taken for it.</summary>
    public required string ContentDigest { get; init; }

    /// <summary>Host and port, for people.</summary>
    public required string Target { get; init; }

    /// <summary>The server process: another one may not hold what was restored.</summary>
    public required string TargetRunId { get; init; }

    /// <summary>The plan follows from the file and from this.</summary>
    public required int Lanes { get; init; }

    /// <summary>The part of the file that is restored; null: all of it.</summary>
    public EntrySelection? Selection { get; init; }

    /// <summary>What the target cannot hold is left out.</summary>
    public bool LeaveOutRefused { get; init; }

    /// <summary>Ranges that were begun: by their first segment, how many of their segments are restored. Null: none is known.</summary>
    public IReadOnlyDictionary<int, int>? Reached { get; init; }

    /// <summary>First segments of the ranges that are restored.</summary>
    public IReadOnlyList<int> DoneRanges { get; init; } = [];
}
