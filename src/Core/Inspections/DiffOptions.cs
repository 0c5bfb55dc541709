using CacheBackup.Core.Rewrites;

namespace CacheBackup.Core.Inspections;

/// <summary>How two files are compared.</summary>
public sealed record DiffOptions
{
    public static DiffOptions Default { get; } = new();

    /// <summary>How prefixes are cut and counted; <see cref="InspectionOptions.Biggest"/> has no meaning here.</summary>
    public InspectionOptions Prefixes { get; init; } = InspectionOptions.Default;

    /// <summary>How many places of differing keys are kept, of each kind. 0 to 10,000. Default 0.</summary>
    public int Examples { get; init; }

    /// <summary>How much stays in memory of what is remembered of keys: 56 bytes for each key of each file.</summary>
    public KeyedRecordsOptions Records { get; init; } = KeyedRecordsOptions.Default;

    /// <exception cref="Model.InvalidRequestException">A value is out of its range.</exception>
    public void Validate()
    {
        Prefixes.Validate();
        if (Examples is < 0 or > 10_000)
        {
            throw new Model.InvalidRequestException("At most 10,000 differing keys of each kind are named.");
        }
    }
}
