using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Says how a snapshot is exported, and makes sure that its files will be known again.</summary>
public sealed class BeginNativeExportFunction(BeginNativeExport begin, TimeProvider time)
{
    [LambdaFunction(ResourceName = "BeginNativeExport", MemorySize = 256, Timeout = 60)]
    public async Task<BeginNativeExportOutput> HandleAsync(BeginNativeExportInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        NativeExportPlan plan = await begin.RunAsync(input.Job, deadline.Token);
        return new BeginNativeExportOutput(plan.Step, plan.Snapshot, plan.Target, plan.Bucket);
    }
}
