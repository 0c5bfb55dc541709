using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Import;

/// <summary>Streams the file through the reader into the store.</summary>
public sealed class ImportFileFunction(ImportFile import, TimeProvider time)
{
    [LambdaFunction(ResourceName = "ImportFile", MemorySize = 1769, Timeout = 900)]
    public async Task HandleAsync(ImportFileInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await import.RunAsync(input.Job, deadline.Token);
    }
}
