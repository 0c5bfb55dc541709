using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Publishes the backup and gives the cache back.</summary>
public sealed class CompleteBackupFunction(CompleteBackup complete, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CompleteBackup", MemorySize = 256, Timeout = 60)]
    public async Task<CompleteBackupOutput> HandleAsync(CompleteBackupInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        Core.Model.Backup backup = await complete.RunAsync(input.Job, deadline.Token);
        return new CompleteBackupOutput(backup.Name, backup.Shards.Sum(s => s.SizeBytes), backup.Shards.Sum(s => s.Keys));
    }
}
