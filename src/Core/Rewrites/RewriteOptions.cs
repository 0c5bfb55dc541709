using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Rewrites;

/// <summary>How files are written anew.</summary>
public sealed record RewriteOptions
{
    /// <summary>Where each entry goes.</summary>
    public required IEntryRoute Route { get; init; }

    /// <summary>
    /// What is written: a version for which <see cref="RdbWriter.IsWritten"/>. Null: the newest of the inputs' versions, Valkey's before those of Redis,
    /// so that every value fits.
    /// </summary>
    public RdbVersion? Version { get; init; }

    /// <summary>Whether function libraries come along, into every output. Default true.</summary>
    public bool WithFunctions { get; init; } = true;

    /// <summary>
    /// Whether data that modules keep outside of keys are left out. Default false: such files are refused, for what those data mean only their module
    /// knows.
    /// </summary>
    public bool DropModuleData { get; init; }

    /// <summary>How much is remembered in memory of keys, to find one that comes twice. Only needed with several inputs.</summary>
    public KeyedRecordsOptions Records { get; init; } = KeyedRecordsOptions.Default;

    /// <exception cref="ArgumentOutOfRangeException">The version is not one that is written.</exception>
    public void Validate()
    {
        if (Version is { } version && !RdbWriter.IsWritten(version))
        {
            throw new ArgumentOutOfRangeException(nameof(Version), version, "Files are written as REDIS0006 to REDIS0012 and VALKEY080");
        }
    }
}
