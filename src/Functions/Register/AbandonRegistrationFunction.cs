using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Register;

/// <summary>Leaves a cache that could not be probed as create-failed.</summary>
public sealed class AbandonRegistrationFunction(ProbeCache probe, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonRegistration", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(AbandonRegistrationInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await probe.AbandonAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
