using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Ends a backup that did not come to its end.</summary>
public sealed class AbandonBackupFunction(AbandonBackup abandon, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonBackup", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(AbandonBackupInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await abandon.RunAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
