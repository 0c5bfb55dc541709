using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Makes the new cache.</summary>
public sealed class ProvisionCacheFunction(ProvisionCache provision, TimeProvider time)
{
    [LambdaFunction(ResourceName = "ProvisionCache", MemorySize = 256, Timeout = 900)]
    public async Task HandleAsync(ProvisionCacheInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await provision.RunAsync(input.Job, input.Fill, deadline.Token);
    }
}
