using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Recording;
using CacheBackup.Functions.Recover;
using CacheBackup.Local.Host;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>The end of an execution as the rule in AWS tells it: what follows is done by the function that the rule calls.</summary>
internal sealed class RecordedEnd(Func<ServiceParts> parts, CallRecorder recorder) : IExecutionEnded
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>False: nobody is told, as where EventBridge lost it; the purge is left to find it.</summary>
    public bool Tells { get; set; } = true;

    public async Task OnEndedAsync(ExecutionEnded ended, CancellationToken cancellationToken)
    {
        recorder.Enter(RecordedService.AbandonFunction);
        if (Tells)
        {
            AbandonExecutionInput told = new(new EndedExecution(new ExecutionId(ended.Id), ended.Status.ToString()));
            await new AbandonExecutionFunction(parts()).HandleAsync(
                told, new LocalLambdaContext(RecordedService.AbandonFunction, Limit, parts().Time, _ => { }, cancellationToken));
        }
    }
}
