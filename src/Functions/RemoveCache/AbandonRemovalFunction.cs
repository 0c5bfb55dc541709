using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

namespace CacheBackup.Functions.RemoveCache;

/// <summary>Notes why a removal broke off.</summary>
public sealed class AbandonRemovalFunction(Core.Operations.RemoveCache remove, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonRemoval", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(AbandonRemovalInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await remove.AbandonAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
