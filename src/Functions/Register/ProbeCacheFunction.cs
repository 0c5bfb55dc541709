using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Register;

/// <summary>Asks a cache what it is, and makes its record available.</summary>
public sealed class ProbeCacheFunction(ProbeCache probe, TimeProvider time)
{
    [LambdaFunction(ResourceName = "ProbeCache", MemorySize = 256, Timeout = 60)]
    public async Task<ProbeCacheOutput> HandleAsync(ProbeCacheInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        Cache cache = await probe.RunAsync(input.Job, deadline.Token);
        return new ProbeCacheOutput(cache.Name, cache.Engine!.Value, cache.EngineVersion!.Value);
    }
}
