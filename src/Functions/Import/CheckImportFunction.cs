using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Import;

/// <summary>Sees that the file is there, may be read, and begins like one.</summary>
public sealed class CheckImportFunction(CheckImport check, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CheckImport", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(CheckImportInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await check.RunAsync(input.Job, deadline.Token);
    }
}
