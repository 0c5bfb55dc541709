namespace CacheBackup.Core.Inspections;

/// <summary>What has become of a key from one file to another.</summary>
public enum DiffKind
{
    /// <summary>Only the second file has it.</summary>
    Added,

    /// <summary>Only the first file has it.</summary>
    Removed,

    /// <summary>It has another kind of value.</summary>
    TypeChanged,

    /// <summary>It has other elements; its expiry may differ as well.</summary>
    ValueChanged,

    /// <summary>Nothing but its expiry differs.</summary>
    ExpiryChanged,
}
