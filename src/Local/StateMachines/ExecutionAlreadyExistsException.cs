namespace CacheBackup.Local.StateMachines;

/// <summary>
/// There was an execution of this name, and it has ended or had another input: Step Functions' error of the same name. Who starts
/// executions named from what they do takes it as done.
/// </summary>
public sealed class ExecutionAlreadyExistsException : Exception
{
    internal ExecutionAlreadyExistsException(ExecutionId id, ExecutionStatus status)
        : base($"The execution '{id}' exists ({status}) and cannot be started again. Choose another name.")
    {
        Id = id;
        Status = status;
    }

    /// <summary>The execution.</summary>
    public ExecutionId Id { get; }

    /// <summary>Its status.</summary>
    public ExecutionStatus Status { get; }
}
