using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Delete;

/// <summary>Removes a deleted backup's record.</summary>
public sealed class RemoveBackupRecordFunction(RemoveBackup remove, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RemoveBackupRecord", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(RemoveBackupRecordInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await remove.RemoveRecordAsync(input.Job, deadline.Token);
    }
}
