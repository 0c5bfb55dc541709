namespace CacheBackup.Core.Model;

/// <summary>Whose a file under an export's name is. Persisted by name.</summary>
public enum ExportFileState
{
    /// <summary>None was there, and none was begun.</summary>
    Planned,

    /// <summary>Begun: one with the recorded bytes is this export's.</summary>
    Writing,

    /// <summary>There, and this export's.</summary>
    Written,

    /// <summary>Somebody else wrote one meanwhile.</summary>
    Foreign,
}
