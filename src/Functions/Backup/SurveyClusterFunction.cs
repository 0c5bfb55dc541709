using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using CacheBackup.Core.Operations;

namespace CacheBackup.Functions.Backup;

/// <summary>Asks a cluster for its shards, and lists those that are left to take.</summary>
public sealed class SurveyClusterFunction(SurveyCluster survey, TimeProvider time)
{
    [LambdaFunction(ResourceName = "SurveyCluster", MemorySize = 256, Timeout = 60)]
    public async Task<SurveyClusterOutput> HandleAsync(SurveyClusterInput input, ILambdaContext context)
    {
        using Deadline deadline = Deadline.Of(context, time);
        ClusterPlan plan = await survey.RunAsync(input.Job, input.Round, deadline.Token);
        return new SurveyClusterOutput(plan.Shards, BeginBackupFunction.ShardsAtOnce, plan.Round, plan.IsDone);
    }
}
