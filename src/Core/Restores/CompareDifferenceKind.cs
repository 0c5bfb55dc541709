namespace CacheBackup.Core.Restores;

/// <summary>How a target differs from the backup. Persisted by name.</summary>
public enum CompareDifferenceKind
{
    /// <summary>A key of the backup is not on the target, and its expiry does not explain that.</summary>
    Missing,

    /// <summary>The target holds keys that the backup does not.</summary>
    Extra,

    /// <summary>The value decodes to something else.</summary>
    Value,

    /// <summary>The value is equal; its absolute expiry is not.</summary>
    Expiry,

    /// <summary>A function library is missing, changed or not of the backup.</summary>
    Function,

    /// <summary>A database holds fewer keys than the backup's, though each was seen.</summary>
    Database,
}
