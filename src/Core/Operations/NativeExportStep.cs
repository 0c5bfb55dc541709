namespace CacheBackup.Core.Operations;

/// <summary>What comes next in the export of a native snapshot.</summary>
public enum NativeExportStep
{
    /// <summary>Another serverless export is under way: ask again later.</summary>
    Wait,

    /// <summary>Copy the self-designed cache's snapshot into the exchange bucket.</summary>
    Copy,

    /// <summary>Export the serverless cache's snapshot into the exchange bucket.</summary>
    Export,

    /// <summary>The files are there, and known.</summary>
    Written,
}
