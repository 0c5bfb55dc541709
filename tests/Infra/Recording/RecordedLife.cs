using System.Text.Json;
using CacheBackup.Caches;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Recording;
using CacheBackup.Fixtures.Snapshots;
using CacheBackup.Local.Credentials;
using CacheBackup.Local.Provisioning;
using Microsoft.Extensions.Time.Testing;
using MachineNames = CacheBackup.Core.Operations.StateMachines;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>
/// The life of backups, driven through every machine and every route once well and once badly, and what each function called meanwhile.
/// </summary>
public sealed class RecordedLife : IAsyncLifetime
{
    private readonly Lock _gate = new();
    private Task<IReadOnlyList<RecordedCall>>? _calls;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Every different call of every function. Skips the test where there is no redis-server.</summary>
    public Task<IReadOnlyList<RecordedCall>> CallsAsync()
    {
        lock (_gate)
        {
            return _calls ??= RecordAsync();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<IReadOnlyList<RecordedCall>> RecordAsync() =>
        [
            .. (await Task.WhenAll(Task.Run(OnRealServersAsync), Task.Run(UnderATurnedClockAsync))).SelectMany(calls => calls)
                .Distinct().OrderBy(call => call.ToString(), StringComparer.Ordinal),
        ];

    private static async Task<IReadOnlyList<RecordedCall>> OnRealServersAsync()
    {
        await using ServerProcess source = await ServerProcess.StartAsync(new ServerOptions());
        await using ServerProcess empty = await ServerProcess.StartAsync(new ServerOptions());
        await using ServerProcess spare = await ServerProcess.StartAsync(new ServerOptions());
        await using (CacheClient client = await source.ConnectAsync())
        {
            for (int i = 0; i < 20; i++)
            {
                await client.RequireAsync("SET", $"key:{i}", $"value {i}");
            }
        }

        string folder = Directory.CreateTempSubdirectory("cache-backup-made-").FullName;
        LocalProvisioner? provisioner = null;
        RecordedService service = await RecordedService.StartAsync(
            TimeProvider.System,
            new LiveCaches(new LocalCredentials(), TimeProvider.System),
            store => provisioner = new LocalProvisioner(new LocalProvisionerOptions { Folder = folder }, store, TimeProvider.System));
        try
        {
            await GoWellAsync(service, source, empty);
            await OfAClusterAsync(service);
            await GoBadlyAsync(service, source, spare);
            await RemoveAllAsync(service);
        }
        finally
        {
            await provisioner!.StopAllAsync(CancellationToken.None);
            provisioner.Dispose();
            await service.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        return service.Recorder.Calls;
    }

    private static async Task GoWellAsync(RecordedService service, ServerProcess source, ServerProcess empty)
    {
        await AskAsync(service, "POST", "/caches", $$"""{"name": "shop", "host": "127.0.0.1", "port": {{source.Port}}, "tags": [{"key": "team", "value": "one"}]}""");
        await AskAsync(service, "PATCH", "/caches/shop", """{"automaticBackups": {"retentionDays": 3}}""");
        await AskAsync(service, "POST", "/backups", """{"name": "first", "cache": "shop"}""", "key-1");
        await AskAsync(service, "POST", "/backups", """{"name": "first", "cache": "shop"}""", "key-1");
        await AskAsync(service, "POST", "/caches", $$"""{"name": "scanned", "host": "127.0.0.1", "port": {{source.Port}}, "method": "scan"}""");
        await AskAsync(service, "POST", "/backups", """{"name": "sliced", "cache": "scanned"}""");
        await AskAsync(service, "POST", "/backups/first/verify");
        await AskAsync(service, "POST", "/backups/first/restore-test");
        await AskAsync(service, "POST", "/backups/first/restore", $$"""{"cache": "filled", "endpoint": {"host": "127.0.0.1", "port": {{empty.Port}} } }""");
        await AskAsync(service, "POST", "/backups/first/restore", """{"cache": "loaded", "fill": "load"}""");
        await AskAsync(service, "POST", "/backups/first/copy", """{"name": "near"}""");
        await AskAsync(service, "POST", "/backups/first/copy", """{"name": "far", "location": "s3://copies"}""");
        await AskAsync(service, "POST", "/backups/far/verify");
        await AskAsync(service, "POST", "/backups/far/restore", """{"cache": "refilled"}""");
        await AskAsync(service, "POST", "/backups/first/export", """{"location": "s3://exports", "name": "monthly"}""");
        await AskAsync(service, "POST", "/backups/far/export", """{"location": "s3://exports", "name": "yearly"}""");
        await AskAsync(service, "POST", "/backups/first/export", """{"location": "s3://exports", "name": "refused", "forElastiCache": true}""");
        await service.Buckets.StoreAt("s3://imports").PutAsync(
            ObjectKey.OfOthers("seed.rdb"), SampleRdb.File(keys: 3, valueBytes: 10), WriteCondition.None, default);
        await AskAsync(service, "POST", "/backups/import", """{"name": "seed", "file": "s3://imports/seed.rdb", "restore": {"cache": "seeded"}}""");
        await service.RunAsync(MachineNames.Schedule);
        await service.RunAsync(MachineNames.Purge);
        await service.AskAsync("GET", "/backups/first/download", function: "Download");
        await service.AskAsync("GET", "/backups/far/download", function: "Download");
        foreach (string path in Readings)
        {
            await service.AskAsync("GET", path);
        }

        foreach (string subject in new[] { "/backups/first/tags", "/backups/far/tags", "/caches/shop/tags" })
        {
            await AskAsync(service, "POST", subject, """{"tags": [{"key": "environment", "value": "test"}]}""");
            await AskAsync(service, "DELETE", subject + "?key=environment");
        }
    }

    private static async Task OfAClusterAsync(RecordedService service)
    {
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync(CacheEngine.Redis, shards: 1);
        await AskAsync(service, "POST", "/caches", $$"""{"name": "cluster", "host": "127.0.0.1", "port": {{cluster.Nodes[0].Port}}}""");
        await AskAsync(service, "POST", "/backups", """{"name": "of-cluster", "cache": "cluster"}""");
        await AskAsync(service, "DELETE", "/backups/of-cluster");
        await AskAsync(service, "DELETE", "/caches/cluster");
    }

    private static string[] Readings =>
    [
        "/backups", "/backups?tag=team", "/backups?cache=shop", "/backups/first", "/caches", "/caches/shop", "/caches/shop/retention", "/caches/filled",
        "/purge", "/events", "/events?cache=shop", "/events?backup=first", "/executions", "/backups/first/tags", "/caches/shop/tags", "/costs?tag=team",
    ];

    /// <summary>Each machine breaks off once at its last step, so that its abandoning has something to take back.</summary>
    private static async Task GoBadlyAsync(RecordedService service, ServerProcess source, ServerProcess spare)
    {
        (string Function, string Path, string? Body)[] broken =
        [
            ("ProbeCache", "/caches", $$"""{"name": "unreachable", "host": "127.0.0.1", "port": {{source.Port}}}"""),
            ("CompleteBackup", "/backups", """{"name": "broken", "cache": "shop"}"""),
            ("CompleteVerify", "/backups/first/verify", null),
            ("CompleteRestoreTest", "/backups/first/restore-test", null),
            ("CompleteRestore", "/backups/first/restore", """{"cache": "broken"}"""),
            ("CompleteRestore", "/backups/first/restore", $$"""{"cache": "refused", "endpoint": {"host": "127.0.0.1", "port": {{spare.Port}} } }"""),
            ("CompleteCopy", "/backups/first/copy", """{"name": "broken-copy"}"""),
            ("CompleteCopy", "/backups/first/copy", """{"name": "broken-far", "location": "s3://copies"}"""),
            ("CompleteExport", "/backups/first/export", """{"location": "s3://exports", "name": "broken"}"""),
            ("CompleteImport", "/backups/import", """{"name": "broken-import", "file": "s3://imports/seed.rdb"}"""),
        ];
        foreach ((string function, string path, string? body) in broken)
        {
            service.Invoker.Hold(function);
            await service.AskAsync("POST", path, body);
            await service.ReachAsync(function);
            await LeaveUploadsAsync(service);
            service.Invoker.FailHeld(function);
            await service.SettleAsync();
            service.Invoker.Release(function);
        }

        await CancelAsync(service, "Snapshot", "/backups", """{"name": "cancelled", "cache": "shop"}""", "backup");
        await CancelAsync(service, "CopyShard", "/backups/first/copy", """{"name": "cancelled-copy"}""", "copy");
        await CancelAsync(service, "ExportShard", "/backups/first/export", """{"location": "s3://exports", "name": "cancelled"}""", "export");
        await CancelAsync(service, "ImportFile", "/backups/import", """{"name": "cancelled-import", "file": "s3://imports/seed.rdb"}""", "import");
        await CancelAsync(service, "VerifyShard", "/backups/first/verify", null, "verify");
        await CancelAsync(service, "ProvisionCache", "/backups/first/restore", """{"cache": "cancelled"}""", "restore");
        await CancelAsync(service, "ProvisionCache", "/backups/first/restore-test", null, "restore-test");
        await CancelAsync(service, "ProbeCache", "/caches", $$"""{"name": "cancelled-cache", "host": "127.0.0.1", "port": {{source.Port}}}""", "register");
    }

    private static async Task RemoveAllAsync(RecordedService service)
    {
        service.Invoker.Fail("RemoveBackupObjects");
        await AskAsync(service, "DELETE", "/backups/near");
        service.Invoker.Release("RemoveBackupObjects");
        foreach (string name in new[] { "near", "far", "broken" })
        {
            await AskAsync(service, "DELETE", $"/backups/{name}");
        }

        service.Invoker.Fail("RemoveCacheServer");
        await AskAsync(service, "DELETE", "/caches/filled");
        service.Invoker.Release("RemoveCacheServer");
        await AskAsync(service, "DELETE", "/caches/filled");
        await AskAsync(service, "DELETE", "/caches/shop?finalBackup=last");
    }

    /// <summary>A request, and all that it starts, to its end.</summary>
    internal static async Task AskAsync(RecordedService service, string method, string path, string? body = null, string? key = null)
    {
        await service.AskAsync(method, path, body, key: key);
        await service.SettleAsync();
    }

    internal static async Task CancelAsync(RecordedService service, string function, string path, string? body, string machine)
    {
        service.Invoker.Hold(function);
        await service.AskAsync("POST", path, body);
        await service.ReachAsync(function);
        await LeaveUploadsAsync(service);
        JsonElement running = (await service.AskAsync("GET", $"/executions?machine={machine}")).GetProperty("executions")[0];
        string id = Uri.EscapeDataString(running.GetProperty("id").GetString()!);
        await service.AskAsync("GET", $"/executions/{id}");
        await service.AskAsync("POST", $"/executions/{id}/cancel");
        await service.SettleAsync();
        service.Invoker.Release(function);
    }

    /// <summary>An upload that was cut off and what a slice left, beside the data of every backup that there is, and beside every exported file.</summary>
    internal static async Task LeaveUploadsAsync(RecordedService service)
    {
        foreach (MemoryObjectStore store in new[] { service.Store, service.Buckets.StoreAt("s3://copies") })
        {
            string[] folders = await service.Store.ListAsync(CatalogKeys.DataRoot, null, default)
                .Select(found => string.Join('/', found.Key.Value.Split('/').Take(2))).Distinct().ToArrayAsync();
            foreach (string folder in folders)
            {
                await store.BeginUploadAsync(new ObjectKey($"{folder}/shard-0001-cut.rdb"), default);
            }
        }

        await foreach (ObjectSummary owner in service.Store.ListAsync(CatalogKeys.DataRoot, null, default))
        {
            if (owner.Key.Value.EndsWith("/owner.json", StringComparison.Ordinal))
            {
                string slice = owner.Key.Value.Replace("owner.json", "slices/shard-0001-left.slice", StringComparison.Ordinal);
                await service.Store.PutAsync(new ObjectKey(slice), default, WriteCondition.None, default);
            }
        }

        foreach (string file in new[] { "broken-0001.rdb", "cancelled-0001.rdb" })
        {
            await service.Buckets.StoreAt("s3://exports").BeginUploadAsync(ObjectKey.OfOthers(file), default);
        }
    }

    /// <summary>Weeks of ticks and purges: automatic backups come and expire, and what broken-off jobs left goes.</summary>
    private static async Task<IReadOnlyList<RecordedCall>> UnderATurnedClockAsync()
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using RecordedService service = await RecordedService.StartAsync(clock, new ScriptedCaches(), _ => new MemoryProvisioner());
        await AskAsync(service, "POST", "/caches", """{"name": "shop", "host": "shop.test", "automaticBackups": {"retentionDays": 1, "window": "03:00-04:00"}}""", "key-1");
        await TurnAsync(service, clock, TimeSpan.FromHours(1), times: 2);
        clock.Advance(TimeSpan.FromHours(1));
        await RefusedStarts.ByTicksAsync(service, () => clock.Advance(TimeSpan.FromMinutes(5)));
        await TurnAsync(service, clock, TimeSpan.FromHours(1), times: 28);
        await ManagedLife.RunAsync(service);
        await RefusedStarts.OfManagedCachesAsync(service, () => clock.Advance(TimeSpan.FromMinutes(5)));
        await LeaveTracesAsync(service);
        await LostJobs.LoseAsync(service, isTold: true);
        await LostJobs.LoseAsync(service, isTold: false);
        await TurnAsync(service, clock, TimeSpan.FromHours(1), times: 48);
        await RefusedStarts.ByTheApiAsync(service);
        service.Invoker.Fail("VerifyShard");
        service.Invoker.Fail("PlanVerifySweep");
        await TurnAsync(service, clock, TimeSpan.FromHours(8), times: 60);
        return service.Recorder.Calls;
    }

    private static async Task TurnAsync(RecordedService service, FakeTimeProvider clock, TimeSpan step, int times)
    {
        for (int i = 0; i < times; i++)
        {
            clock.Advance(step);
            await service.RunAsync(MachineNames.Schedule);
            await service.RunAsync(MachineNames.Purge);
        }
    }

    private static async Task LeaveTracesAsync(RecordedService service)
    {
        BackupId orphan = new("orphan");
        await service.Store.BeginUploadAsync(CatalogKeys.ShardData(orphan, 1, "cut"), default);
        await service.Store.PutAsync(CatalogKeys.ShardData(orphan, 2, "left"), new byte[1], WriteCondition.None, default);
        await service.Store.PutAsync(CatalogKeys.Progress(CatalogKeys.BackupProgress(orphan), 1), new byte[1], WriteCondition.None, default);
        await service.Store.PutAsync(new ObjectKey(CatalogKeys.Restore(CacheName.Parse("gone"), 1) + "left.json"), new byte[1], WriteCondition.None, default);

        // Somebody's whose execution is known to be over.
        ObjectKey owner = (await service.Store.ListAsync(CatalogKeys.DataRoot, null, default).FirstAsync(found => found.Key.Value.EndsWith("/owner.json", StringComparison.Ordinal))).Key;
        await using ObjectContent content = await service.Store.GetAsync(owner, null, default);
        using MemoryStream bytes = new();
        await content.Stream.CopyToAsync(bytes);
        BackupId known = new("known");
        await service.Store.PutAsync(CatalogKeys.Owner(known), bytes.ToArray(), WriteCondition.None, default);
        await service.Store.PutAsync(CatalogKeys.ShardData(known, 1, "left"), new byte[1], WriteCondition.None, default);
    }
}
