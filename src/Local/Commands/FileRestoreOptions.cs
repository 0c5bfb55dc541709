using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Local.Commands;

/// <summary>What a file is to be restored into, and how.</summary>
internal sealed record FileRestoreOptions
{
    /// <summary>A full path.</summary>
    public required string Path { get; init; }

    public required CacheAddress Target { get; init; }

    public bool AllowEngineChange { get; init; }

    /// <summary>The part of the file that is wanted; null: all of it.</summary>
    public EntrySelection? Selection { get; init; }

    /// <summary>Leave out, and count, what the target cannot hold, instead of refusing the file.</summary>
    public bool LeaveOutRefused { get; init; }

    /// <summary>Null: as fast as the target takes it.</summary>
    public RestoreRate? Rate { get; init; }

    /// <summary>Read everything back and compare it.</summary>
    public bool Compare { get; init; } = true;

    /// <summary>Go on where an interrupted restore was.</summary>
    public bool Resume { get; init; }

    /// <summary>A full path; null: beside the file.</summary>
    public string? JournalPath { get; init; }

    /// <summary>1–<see cref="RestorePlan.MaxLanes"/>.</summary>
    public int Connections { get; init; } = 2;
}
