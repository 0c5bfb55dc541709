using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;

namespace CacheBackup.Functions.Purge;

/// <summary>Looks whether the clock can be believed: nothing is purged by one that jumped.</summary>
public sealed class ReadPurgeClockFunction(PurgeClock clock, TimeProvider time)
{
    [LambdaFunction(ResourceName = "ReadPurgeClock", MemorySize = 256, Timeout = 60)]
    public async Task<ReadPurgeClockOutput> HandleAsync(ReadPurgeClockInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        return new ReadPurgeClockOutput(await clock.LookAsync(deadline.Token) == ClockVerdict.Steady);
    }
}
