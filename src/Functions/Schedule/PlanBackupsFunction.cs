using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Schedule;

/// <summary>One tick of the schedule: starts the automatic backups that are due.</summary>
public sealed class PlanBackupsFunction(PlanBackups plan, TimeProvider time)
{
    [LambdaFunction(ResourceName = "PlanBackups", MemorySize = 256, Timeout = 240)]
    public async Task<PlanBackupsOutput> HandleAsync(PlanBackupsInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        ScheduleReport report = await plan.RunAsync(deadline.Token);
        return new PlanBackupsOutput(report.Due, report.Started, report.Running, report.Waiting, report.Missed, report.Unreadable);
    }
}
