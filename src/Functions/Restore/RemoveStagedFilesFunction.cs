using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Restore;

/// <summary>Takes the staged files out of the exchange bucket again.</summary>
public sealed class RemoveStagedFilesFunction(RemoveStagedFiles remove, TimeProvider time)
{
    [LambdaFunction(ResourceName = "RemoveStagedFiles", MemorySize = 256, Timeout = 300)]
    public async Task<RemoveStagedFilesOutput> HandleAsync(RemoveStagedFilesInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return new RemoveStagedFilesOutput(await remove.RunAsync(input.Job, deadline.Token));
    }
}
