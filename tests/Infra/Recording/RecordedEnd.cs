using CacheBackup.Fixtures.Recording;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>The end of an execution as the rule in AWS tells it: what follows is the function's that the rule calls.</summary>
internal sealed class RecordedEnd(IExecutionEnded inner, CallRecorder recorder) : IExecutionEnded
{
    /// <summary>False: nobody is told, as where EventBridge lost it; the purge is left to find it.</summary>
    public bool Tells { get; set; } = true;

    public Task OnEndedAsync(ExecutionEnded ended, CancellationToken cancellationToken)
    {
        recorder.Enter(RecordedService.AbandonFunction);
        return Tells ? inner.OnEndedAsync(ended, cancellationToken) : Task.CompletedTask;
    }
}
