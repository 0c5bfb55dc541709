using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Export;

/// <summary>Ends an export that did not come to its end, and removes its files.</summary>
public sealed class AbandonExportFunction(AbandonExport abandon, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonExport", MemorySize = 256, Timeout = 300)]
    public async Task HandleAsync(AbandonExportInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await abandon.RunAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
