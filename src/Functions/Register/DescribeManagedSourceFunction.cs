using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Register;

/// <summary>Asks ElastiCache what a cache is.</summary>
public sealed class DescribeManagedSourceFunction(DescribeManagedSource describe, TimeProvider time)
{
    [LambdaFunction(ResourceName = "DescribeManagedSource", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(DescribeManagedSourceInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await describe.RunAsync(input.Job, deadline.Token);
    }
}
