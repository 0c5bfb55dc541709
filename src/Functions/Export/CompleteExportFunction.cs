using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Export;

/// <summary>Lets the backup and the name go.</summary>
public sealed class CompleteExportFunction(CompleteExport complete, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CompleteExport", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(CompleteExportInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await complete.RunAsync(input.Job, deadline.Token);
    }
}
