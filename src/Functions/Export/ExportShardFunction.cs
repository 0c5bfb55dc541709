using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Export;

/// <summary>Writes one shard's file, never over another.</summary>
public sealed class ExportShardFunction(ExportShard export, TimeProvider time)
{
    [LambdaFunction(ResourceName = "ExportShard", MemorySize = 1769, Timeout = 900)]
    public async Task<ExportShardOutput> HandleAsync(ExportShardInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        await export.RunAsync(input.Job, input.Shard, deadline.Token);
        return new ExportShardOutput(input.Shard);
    }
}
