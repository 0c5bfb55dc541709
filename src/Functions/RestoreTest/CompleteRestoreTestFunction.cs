using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.RestoreTest;

/// <summary>Writes that the backup is proven.</summary>
public sealed class CompleteRestoreTestFunction(CompleteRestoreTest complete, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CompleteRestoreTest", MemorySize = 256, Timeout = 60)]
    public async Task<CompleteRestoreTestOutput> HandleAsync(CompleteRestoreTestInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        BackupProof proof = await complete.RunAsync(input.Job, deadline.Token);
        return new CompleteRestoreTestOutput(proof.Restored, proof.Expired);
    }
}
