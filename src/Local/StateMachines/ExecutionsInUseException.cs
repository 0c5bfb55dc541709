using CacheBackup.Core;

namespace CacheBackup.Local.StateMachines;

/// <summary>Another process owns the directory of executions: two hosts would run every step twice.</summary>
public sealed class ExecutionsInUseException : PermanentException
{
    internal ExecutionsInUseException(string directory, Exception reason)
        : base($"The directory '{directory}' is in use by another process. Stop that host first, or give this one a data directory of its own.", reason) =>
        DirectoryPath = directory;

    /// <summary>The directory.</summary>
    public string DirectoryPath { get; }
}
