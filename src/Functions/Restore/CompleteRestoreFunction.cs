using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Makes the new cache available and lets the backup go.</summary>
public sealed class CompleteRestoreFunction(CompleteRestore complete, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CompleteRestore", MemorySize = 256, Timeout = 60)]
    public async Task<CompleteRestoreOutput> HandleAsync(CompleteRestoreInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        RestoreOutcome outcome = await complete.RunAsync(input.Job, deadline.Token);
        return new CompleteRestoreOutput(input.Cache, outcome.Restored, outcome.Expired);
    }
}
