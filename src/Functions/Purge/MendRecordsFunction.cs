using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Purge;

/// <summary>Abandons records whose execution is gone, takes deletions up again, puts schedules in order.</summary>
public sealed class MendRecordsFunction(MendRecords mend, TimeProvider time)
{
    [LambdaFunction(ResourceName = "MendRecords", MemorySize = 256, Timeout = 900)]
    public async Task<MendRecordsOutput> HandleAsync(MendRecordsInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return new MendRecordsOutput(await mend.RunAsync(deadline.Token));
    }
}
