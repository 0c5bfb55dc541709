using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Verify;

/// <summary>Writes into the backup's record what the reports say.</summary>
public sealed class CompleteVerifyFunction(CompleteVerify complete, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CompleteVerify", MemorySize = 256, Timeout = 60)]
    public async Task<CompleteVerifyOutput> HandleAsync(CompleteVerifyInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        BackupVerification verification = await complete.RunAsync(input.Job, deadline.Token);
        return new CompleteVerifyOutput(verification.FindingCount);
    }
}
