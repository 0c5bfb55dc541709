using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Sees that the target holds nothing that the backup does not.</summary>
public sealed class CompareTotalsFunction(CompareTargetTotals compare, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CompareTotals", MemorySize = 512, Timeout = 300)]
    public async Task HandleAsync(CompareTotalsInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await compare.RunAsync(input.Job, deadline.Token);
    }
}
