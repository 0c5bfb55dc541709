using System.Text.Json;

namespace CacheBackup.Local.StateMachines;

/// <summary>Runs a function for a Task: the local stand-in of AWS Lambda.</summary>
public interface ITaskInvoker
{
    /// <summary>Runs the function to its end and returns its result, which becomes <c>Payload</c> in the task's result.</summary>
    /// <param name="functionName">The name inside <c>${…}</c> of the definition's <c>FunctionName</c>.</param>
    /// <param name="payload">The function's input.</param>
    /// <param name="context">Whose task it is, and until when it may run.</param>
    /// <param name="cancellationToken">Cancelled at the deadline, when the execution is stopped, and when the host goes down.</param>
    /// <exception cref="TaskFailedException">
    /// The function failed. Any other exception counts as thrown by the function: its short type name is the error that Retry and Catch see.
    /// </exception>
    /// <remarks>
    /// Called many times at once for the lanes of a Map. It must return soon with a task that is under way: a function that computes
    /// before its first await belongs on the thread pool. A task cut off by a stop of the host is run again, so functions are idempotent.
    /// </remarks>
    Task<JsonElement> InvokeAsync(string functionName, JsonElement payload, TaskContext context, CancellationToken cancellationToken);
}
