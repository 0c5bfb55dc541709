using Microsoft.Extensions.Logging;

namespace CacheBackup.Local.StateMachines;

/// <summary>What the host of executions logs, with stable ids.</summary>
internal static partial class ExecutionLogEvents
{
    [LoggerMessage(4101, LogLevel.Information, "Execution {Execution} is resumed after event {LastEventId}.")]
    public static partial void Resumed(this ILogger logger, ExecutionKey execution, long lastEventId);

    [LoggerMessage(4102, LogLevel.Error, "Execution {Execution} cannot be resumed and ends as failed: {Reason}.")]
    public static partial void NotResumable(this ILogger logger, ExecutionKey execution, string reason);

    [LoggerMessage(4103, LogLevel.Error, "Execution {Execution} stands still: its journal cannot be written: {Reason} It is resumed at the next start.")]
    public static partial void Stalled(this ILogger logger, ExecutionKey execution, string reason);

    [LoggerMessage(4104, LogLevel.Error, "Execution {Execution} ended by an error of the runner itself.")]
    public static partial void Broken(this ILogger logger, ExecutionKey execution, Exception error);

    [LoggerMessage(4105, LogLevel.Warning, "The end of execution {Execution} ({Status}) could not be reported; it is reported again.")]
    public static partial void NotReported(this ILogger logger, ExecutionKey execution, ExecutionStatus status, Exception error);

    [LoggerMessage(4106, LogLevel.Information, "Execution {Execution} ended: {Status} {Error}")]
    public static partial void Ended(this ILogger logger, ExecutionKey execution, ExecutionStatus status, string? error);
}
