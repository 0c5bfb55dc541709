using CacheBackup.Core.Model;

namespace CacheBackup.Local.Demo;

/// <summary>What <c>cache-backup demo</c> was asked for.</summary>
public sealed record DemoRequest
{
    /// <summary>Fewer keys cannot be of every kind.</summary>
    public const int FewestKeys = 1_000;

    public const int DefaultKeys = 250_000;

    public const int QuickKeys = 5_000;

    public required CacheEngine Engine { get; init; }

    /// <summary>Keys to fill the source with, at least <see cref="FewestKeys"/>.</summary>
    public required int Keys { get; init; }

    /// <summary>Smaller values: the largest has 4 MiB instead of 64.</summary>
    public bool IsQuick { get; init; }

    /// <summary>A directory or <c>s3://bucket/prefix</c>; null: in the data directory.</summary>
    public string? Store { get; init; }

    /// <summary>Null: a temporary directory, which is removed at the end.</summary>
    public string? DataDirectory { get; init; }
}
