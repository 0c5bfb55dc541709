namespace CacheBackup.Local.StateMachines;

/// <summary>There is no execution of this name.</summary>
public sealed class ExecutionDoesNotExistException : Exception
{
    internal ExecutionDoesNotExistException(ExecutionKey key)
        : base($"There is no execution '{key}'.") => Key = key;

    /// <summary>The name asked for.</summary>
    public ExecutionKey Key { get; }
}
