namespace CacheBackup.Local.StateMachines;

/// <summary>
/// There was an execution of this name, and it has ended or had another input: Step Functions' error of the same name. Who starts
/// executions named from what they do takes it as done.
/// </summary>
public sealed class ExecutionAlreadyExistsException : Exception
{
    internal ExecutionAlreadyExistsException(ExecutionKey key, ExecutionStatus status, bool hasSameInput)
        : base($"The execution '{key}' exists ({status}) and cannot be started again. Choose another name.")
    {
        Key = key;
        Status = status;
        HasSameInput = hasSameInput;
    }

    /// <summary>The execution.</summary>
    public ExecutionKey Key { get; }

    /// <summary>Its status.</summary>
    public ExecutionStatus Status { get; }

    /// <summary>Whether it was started with the very input that was given now: then what was asked for has been done.</summary>
    public bool HasSameInput { get; }
}
