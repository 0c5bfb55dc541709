using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>ElastiCache as the state machines call it themselves; theirs are the machine's own calls, and no function's.</summary>
internal sealed class FakeElastiCacheServices(FakeElastiCache caches) : IServiceIntegration
{
    public async Task<JsonElement> CallAsync(ServiceCall call, TaskContext context, CancellationToken cancellationToken)
    {
        switch (call.Action)
        {
            case "copySnapshot":
                await caches.CopyAsync(Text(call, "SourceSnapshotName"), Text(call, "TargetSnapshotName"), cancellationToken);
                break;
            case "exportServerlessCacheSnapshot":
                await caches.ExportAsync(Text(call, "ServerlessCacheSnapshotName"), cancellationToken);
                break;
            case "deleteSnapshot":
                await caches.TryDeleteAsync(new NativeSnapshotId(Text(call, "SnapshotName"), Serverless: false), cancellationToken);
                break;
            case "deleteServerlessCacheSnapshot":
                await caches.TryDeleteAsync(new NativeSnapshotId(Text(call, "ServerlessCacheSnapshotName"), Serverless: true), cancellationToken);
                break;
            case "deleteReplicationGroup":
                caches.Remove(new ManagedResource(ManagedResourceKind.ReplicationGroup, Text(call, "ReplicationGroupId")));
                break;
            case "deleteServerlessCache":
                caches.Remove(new ManagedResource(ManagedResourceKind.ServerlessCache, Text(call, "ServerlessCacheName")));
                break;
            case "describeReplicationGroups":
                return Creating("ReplicationGroups");
            case "describeServerlessCaches":
                return Creating("ServerlessCaches");
            default:
                throw new InvalidOperationException($"ElastiCache's {call.Action} is not played here: add it.");
        }

        return JsonSerializer.Deserialize<JsonElement>("{}");
    }

    /// <summary>Never available: so the machine asks the function, which sees more.</summary>
    private static JsonElement Creating(string list) => JsonSerializer.Deserialize<JsonElement>($$"""{"{{list}}": [{"Status": "creating"}]}""");

    private static string Text(ServiceCall call, string member) => call.Parameters.GetProperty(member).GetString()!;
}
