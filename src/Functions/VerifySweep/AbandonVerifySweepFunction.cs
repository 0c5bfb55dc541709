using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.VerifySweep;

/// <summary>Notes why a part of a sweep broke off.</summary>
public sealed class AbandonVerifySweepFunction(AbandonVerifySweep abandon, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonVerifySweep", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(AbandonVerifySweepInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await abandon.RunAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
