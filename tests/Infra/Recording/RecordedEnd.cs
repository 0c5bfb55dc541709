using CacheBackup.Fixtures.Recording;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>The end of an execution as the rule in AWS tells it: what follows is the function's that the rule calls.</summary>
internal sealed class RecordedEnd(IExecutionEnded inner, CallRecorder recorder) : IExecutionEnded
{
    public Task OnEndedAsync(ExecutionEnded ended, CancellationToken cancellationToken)
    {
        recorder.Enter(RecordedService.AbandonFunction);
        return inner.OnEndedAsync(ended, cancellationToken);
    }
}
