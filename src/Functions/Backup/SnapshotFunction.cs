using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Functions.Backup;

/// <summary>Streams one shard from the cache through the reader into the store; of one that is scanned, as much as there is time for.</summary>
/// <param name="snapshot">Does the work.</param>
/// <param name="time">The clock of the call's deadline.</param>
/// <param name="slice">The longest that one call scans; null: as long as it has.</param>
public sealed class SnapshotFunction(SnapshotShard snapshot, TimeProvider time, TimeSpan? slice = null)
{
    [LambdaFunction(ResourceName = "Snapshot", MemorySize = 1769, Timeout = 900)]
    public async Task<SnapshotOutput> HandleAsync(SnapshotInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time, slice);
        SliceLimit limit = new() { Ending = deadline.Ending, Time = context.RemainingTime };
        bool isDone = await snapshot.RunAsync(input.Job, input.Shard, limit, deadline.Token) is not null;
        return new SnapshotOutput(input.Shard, isDone);
    }
}
