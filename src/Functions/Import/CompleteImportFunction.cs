using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Import;

/// <summary>Publishes the backup, and starts the restore that was asked for.</summary>
public sealed class CompleteImportFunction(CompleteImport complete, TimeProvider time)
{
    [LambdaFunction(ResourceName = "CompleteImport", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(CompleteImportInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await complete.RunAsync(input.Job, deadline.Token);
    }
}
