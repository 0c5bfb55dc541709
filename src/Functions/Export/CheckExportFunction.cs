using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Export;

/// <summary>Looks at the place before anything is written there, and lists the shards.</summary>
public sealed class CheckExportFunction(CheckExport check, TimeProvider time)
{
    private const int ShardsAtOnce = 8;

    [LambdaFunction(ResourceName = "CheckExport", MemorySize = 256, Timeout = 60)]
    public async Task<CheckExportOutput> HandleAsync(CheckExportInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        IReadOnlyList<int> shards = await check.RunAsync(input.Job, deadline.Token);
        return new CheckExportOutput(shards, ShardsAtOnce);
    }
}
