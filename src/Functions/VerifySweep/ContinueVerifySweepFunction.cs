using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.VerifySweep;

/// <summary>Takes one round of a sweep.</summary>
public sealed class ContinueVerifySweepFunction(ContinueVerifySweep next, TimeProvider time)
{
    [LambdaFunction(ResourceName = "ContinueVerifySweep", MemorySize = 512, Timeout = 300)]
    public async Task<ContinueVerifySweepOutput> HandleAsync(ContinueVerifySweepInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return new ContinueVerifySweepOutput(await next.RunAsync(input.Job, deadline.Token));
    }
}
