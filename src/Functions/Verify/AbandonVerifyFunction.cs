using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Verify;

/// <summary>Ends a verification that did not come to its end.</summary>
public sealed class AbandonVerifyFunction(AbandonVerify abandon, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonVerify", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(AbandonVerifyInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await abandon.RunAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
