using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Delete;

/// <summary>Notes why a removal broke off.</summary>
public sealed class AbandonDeleteFunction(RemoveBackup remove, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonDelete", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(AbandonDeleteInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await remove.AbandonAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
