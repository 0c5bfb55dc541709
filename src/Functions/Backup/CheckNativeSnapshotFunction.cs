using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Looks at how far ElastiCache has come with a snapshot, or with its export.</summary>
public sealed class CheckNativeSnapshotFunction(CheckNativeSnapshot check, TimeProvider time)
{
    // Lanes of an inline Map: about 40 run at once.
    private const int FilesAtOnce = 8;

    [LambdaFunction(ResourceName = "CheckNativeSnapshot", MemorySize = 256, Timeout = 60)]
    public async Task<CheckNativeSnapshotOutput> HandleAsync(CheckNativeSnapshotInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        NativeCheck found = input.Export == true
            ? await check.ExportAsync(input.Job, input.Refusal?.ToCause(), deadline.Token)
            : await check.SnapshotAsync(input.Job, deadline.Token);
        return new CheckNativeSnapshotOutput(found.State, found.Shards, FilesAtOnce);
    }
}
