using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RestoreTest;

/// <summary>Ends a restore test that did not come to its end, and removes its cache.</summary>
public sealed class AbandonRestoreTestFunction(AbandonRestoreTest abandon, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonRestoreTest", MemorySize = 256, Timeout = 300)]
    public async Task HandleAsync(AbandonRestoreTestInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await abandon.RunAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
