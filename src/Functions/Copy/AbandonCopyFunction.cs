using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Copy;

/// <summary>Ends a copy that did not come to its end.</summary>
public sealed class AbandonCopyFunction(AbandonCopy abandon, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonCopy", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(AbandonCopyInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await abandon.RunAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
