namespace CacheBackup.Local.StateMachines;

/// <summary>There is no execution of this name.</summary>
public sealed class ExecutionDoesNotExistException : Exception
{
    internal ExecutionDoesNotExistException(ExecutionId id)
        : base($"There is no execution '{id}'.") => Id = id;

    /// <summary>The name asked for.</summary>
    public ExecutionId Id { get; }
}
