using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>Caches of ElastiCache: backed up by its own snapshots, made by restores, and removed.</summary>
internal static class ManagedLife
{
    private const string Cluster = """ "selfDesigned": {"nodeType": "cache.t4g.small", "clusterMode": true} """;
    private const string Serverless = """ "serverless": {} """;

    private static readonly Tag Own = new(ManagedTags.Execution, "somebody");

    public static async Task RunAsync(RecordedService service)
    {
        await BackUpAsync(service);
        foreach ((string name, string target) in new[] { ("made-group", Cluster), ("made-serverless", Serverless) })
        {
            await RestoreAsync(service, name, target, "available");
            await RestoreAsync(service, name + "-part", $$"""{{target}}, "match": "key:*" """, "available");
            await RestoreAsync(service, name + "-failed", target, "create-failed");
            await RestoreAsync(service, name + "-not-ours", target, "available", new ExecutionId("another"));
            ManagedResourceKind kind = target == Cluster ? ManagedResourceKind.ReplicationGroup : ManagedResourceKind.ServerlessCache;
            service.ElastiCache.Add(kind, name, () => [SampleRdb.File(keys: 1, valueBytes: 10)], CacheEngine.Redis, Own, new Tag(ManagedTags.Cache, name));
            await RecordedLife.AskAsync(service, "DELETE", $"/caches/{name}");
        }
    }

    private static async Task BackUpAsync(RecordedService service)
    {
        byte[] data = SampleRdb.File(keys: 4, valueBytes: 10);
        service.ElastiCache.Add(ManagedResourceKind.ReplicationGroup, "group", () => [data, data], CacheEngine.Redis, Own);
        service.ElastiCache.Add(ManagedResourceKind.ServerlessCache, "serverless", () => [data], CacheEngine.Redis, Own);
        foreach ((string name, string member) in new[] { ("group", "replicationGroup"), ("serverless", "serverlessCache") })
        {
            await RecordedLife.AskAsync(service, "POST", "/caches", $$"""{"name": "{{name}}", "elastiCache": {"{{member}}": "{{name}}"} }""");
            await RecordedLife.AskAsync(service, "POST", "/backups", $$"""{"name": "native-{{name}}", "cache": "{{name}}"}""");

            service.Invoker.Fail("CompleteBackup");
            await RecordedLife.AskAsync(service, "POST", "/backups", $$"""{"name": "broken-{{name}}", "cache": "{{name}}"}""");
            service.Invoker.Release("CompleteBackup");
            await RecordedLife.CancelAsync(service, "AdoptNativeFile", "/backups", $$"""{"name": "cancelled-{{name}}", "cache": "{{name}}"}""", "backup");
        }
    }

    /// <param name="owner">Whose a cache of that name is already; null: there is none.</param>
    private static async Task RestoreAsync(RecordedService service, string name, string target, string status, ExecutionId? owner = null)
    {
        service.Made.Owner = owner;
        service.Made.Described = new ManagedCacheDescription
        {
            Status = status,
            Shards = [new CacheShard(1, new CacheAddress { Endpoint = new CacheEndpoint($"{name}.test", 6379) })],
            Version = new CacheVersion(7, 1, 0),
        };
        await RecordedLife.AskAsync(service, "POST", "/backups/native-serverless/restore", $$"""{"cache": "{{name}}", {{target}} }""");
    }
}
