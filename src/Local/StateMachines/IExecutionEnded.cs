namespace CacheBackup.Local.StateMachines;

/// <summary>
/// Is told of every execution that ends as FAILED, TIMED_OUT or ABORTED: the local stand-in of the EventBridge rule on <em>Step
/// Functions Execution Status Change</em>, the last word where no <c>Catch</c> was reached.
/// </summary>
public interface IExecutionEnded
{
    /// <summary>
    /// Told at least once, also after a restart of the host if the first one ended between the end of the execution and this call. It
    /// is told again if it throws.
    /// </summary>
    Task OnEndedAsync(ExecutionEnded ended, CancellationToken cancellationToken);
}
