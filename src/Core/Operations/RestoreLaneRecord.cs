using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>
/// How far one lane of a restore has come: the checkpoint from which its next call goes on. Changed by compare-and-set, so that a range is
/// counted once, however often and by however many it was worked on.
/// </summary>
public sealed record RestoreLaneRecord
{
    public static RestoreLaneRecord Begin { get; } = new() { Restored = 0, RestoredBytes = 0, RestoredKeys = 0, Compared = 0 };

    /// <summary>The first so many ranges of the lane are on the target.</summary>
    public required int Restored { get; init; }

    /// <summary>The first so many segments of the range that follows are on the target too; null: none is known to be.</summary>
    public int? RestoredSegments { get; init; }

    /// <summary>What they held.</summary>
    public required long RestoredBytes { get; init; }

    /// <summary>Keys of them that were sent.</summary>
    public required long RestoredKeys { get; init; }

    /// <summary>The first so many ranges of the lane were read back and are equal.</summary>
    public required int Compared { get; init; }

    /// <summary>Their reports, added up; null: none yet.</summary>
    public CompareReport? Report { get; init; }
}
