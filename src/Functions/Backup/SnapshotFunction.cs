using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Streams one shard from the cache through the reader into the store.</summary>
public sealed class SnapshotFunction(SnapshotShard snapshot, TimeProvider time)
{
    [LambdaFunction(ResourceName = "Snapshot", MemorySize = 1769, Timeout = 900)]
    public async Task<SnapshotOutput> HandleAsync(SnapshotInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await snapshot.RunAsync(input.Job, input.Shard, deadline.Token);
        return new SnapshotOutput(input.Shard);
    }
}
