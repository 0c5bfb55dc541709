using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Import;

/// <summary>Ends an import that did not come to its end.</summary>
public sealed class AbandonImportFunction(AbandonImport abandon, TimeProvider time)
{
    [LambdaFunction(ResourceName = "AbandonImport", MemorySize = 256, Timeout = 60)]
    public async Task HandleAsync(AbandonImportInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await abandon.RunAsync(input.Job, input.Failure.ToCause(), deadline.Token);
    }
}
