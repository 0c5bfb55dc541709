using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Purge;

/// <summary>Starts the deletion of the automatic backups that go, a bounded number of caches at a time.</summary>
public sealed class PurgeBackupsFunction(PurgeBackups purge, TimeProvider time)
{
    [LambdaFunction(ResourceName = "PurgeBackups", MemorySize = 256, Timeout = 900)]
    public async Task<PurgeBackupsOutput> HandleAsync(PurgeBackupsInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        PurgeProgress progress = await purge.RunAsync(input.After, deadline.Token);
        return new PurgeBackupsOutput(progress.After, progress.Done, progress.Removed);
    }
}
