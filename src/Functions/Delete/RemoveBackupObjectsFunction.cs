using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Delete;

/// <summary>Removes a deleted backup's objects and open uploads.</summary>
public sealed class RemoveBackupObjectsFunction(RemoveBackup remove, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RemoveBackupObjects", MemorySize = 256, Timeout = 900)]
    public async Task<RemoveBackupObjectsOutput> HandleAsync(RemoveBackupObjectsInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return new RemoveBackupObjectsOutput(await remove.RemoveObjectsAsync(input.Job, deadline.Token));
    }
}
