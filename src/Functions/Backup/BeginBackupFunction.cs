using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Sees that the records are still this execution's, and lists the shards.</summary>
public sealed class BeginBackupFunction(BeginBackup begin, TimeProvider time)
{
    // Lanes of an inline Map: about 40 run at once, and one source host should not serve them all.
    internal const int ShardsAtOnce = 8;

    [LambdaFunction(ResourceName = "BeginBackup", MemorySize = 256, Timeout = 60)]
    public async Task<BeginBackupOutput> HandleAsync(BeginBackupInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        BackupWorkPlan plan = await begin.RunAsync(input.Job, deadline.Token);
        return new BeginBackupOutput(plan.Shards, ShardsAtOnce, plan.Method);
    }
}
