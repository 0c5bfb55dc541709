using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Reads one range back from the target and compares it.</summary>
public sealed class CompareRangeFunction(CompareWorkRange compare, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CompareRange", MemorySize = 1769, Timeout = 900)]
    public async Task<CompareRangeOutput> HandleAsync(CompareRangeInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await compare.RunAsync(input.Job, input.Range, deadline.Token);
        return new CompareRangeOutput(input.Range.Number);
    }
}
