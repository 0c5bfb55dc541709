using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Reads the ranges of one lane back from the target and compares them, as many as there is time for.</summary>
public sealed class CompareLaneFunction(CompareLane compare, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CompareLane", MemorySize = 1769, Timeout = 900)]
    public async Task<CompareLaneOutput> HandleAsync(CompareLaneInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return new CompareLaneOutput(input.Lane, await compare.RunAsync(input.Job, input.Lane, deadline.Ending, deadline.Token));
    }
}
