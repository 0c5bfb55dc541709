using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Copy;

/// <summary>Publishes the copy and lets its source go.</summary>
public sealed class CompleteCopyFunction(CompleteCopy complete, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CompleteCopy", MemorySize = 256, Timeout = 60)]
    public async Task<CompleteCopyOutput> HandleAsync(CompleteCopyInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        Core.Model.Backup backup = await complete.RunAsync(input.Job, deadline.Token);
        return new CompleteCopyOutput(backup.Name, backup.Shards.Sum(s => s.SizeBytes));
    }
}
