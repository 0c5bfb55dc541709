using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.EndToEnd;

/// <summary>What machines ask of ElastiCache by themselves, done by the fake one, under the names that Step Functions has for it.</summary>
internal sealed class FakeElastiCacheService(FakeElastiCache elastiCache) : IServiceIntegration
{
    /// <summary>Called before each call: the place where a test lets ElastiCache refuse.</summary>
    public Action<ServiceCall> Before { get; set; } = _ => { };

    public async Task<JsonElement> CallAsync(ServiceCall call, TaskContext context, CancellationToken cancellationToken)
    {
        Before(call);
        string Member(string name) => call.Parameters.GetProperty(name).GetString()!;
        switch ($"{call.Service}:{call.Action}")
        {
            case "elasticache:copySnapshot":
                Assert.Equal(FakeElastiCache.Bucket, Member("TargetBucket"));
                await elastiCache.CopyAsync(Member("SourceSnapshotName"), Member("TargetSnapshotName"), cancellationToken);
                break;
            case "elasticache:deleteSnapshot":
                await elastiCache.TryDeleteAsync(new NativeSnapshotId(Member("SnapshotName"), Serverless: false), cancellationToken);
                break;
            default:
                throw new TaskFailedException("ElastiCache.InvalidParameterValueException", $"This test has no {call.Service}:{call.Action}.");
        }

        return JsonElement.Parse("{}");
    }
}
