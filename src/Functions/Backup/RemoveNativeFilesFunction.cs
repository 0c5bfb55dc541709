using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Removes the files from the exchange bucket, and says which snapshot is to go.</summary>
public sealed class RemoveNativeFilesFunction(RemoveNativeFiles remove, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RemoveNativeFiles", MemorySize = 256, Timeout = 60)]
    public async Task<RemoveNativeFilesOutput> HandleAsync(RemoveNativeFilesInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        NativeSnapshotId? left = await remove.RunAsync(input.Job, input.Confirm == true, deadline.Token);
        return RemoveNativeFilesOutput.Of(left);
    }
}
