using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Notes why a part of a sweep broke off. It holds nothing, and the next tick goes on where it was; verifications that it started end by
/// themselves. It may be called any number of times, at any moment.
/// </summary>
public sealed class AbandonVerifySweep(ServiceParts parts)
{
    public async Task RunAsync(VerifySweepJob job, FailureCause failure, CancellationToken cancellationToken)
    {
        if (await SweepRecords.FindAsync(parts.Store, job.Week, cancellationToken) is { } found && found.Sweep.Execution == job.Execution)
        {
            VerifySweep noted = found.Sweep with { Failure = failure.ToReason() };
            await SweepRecords.WriteAsync(parts.Store, noted, WriteCondition.Matches(found.Tag), cancellationToken);
        }
    }
}
