using System.Net;
using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.EndToEnd;

/// <summary>Backups that do not come about: the source is left as it was, and another try succeeds.</summary>
[Trait("Category", "Server")]
public sealed class FailedBackupTests
{
    [Fact]
    public async Task Racing_backups_of_one_name_have_one_winner_and_leave_no_cache_held()
    {
        const int Racers = 16;
        await using ServerProcess server = await FilledServerAsync(CacheEngine.Redis);
        using ManualResetEventSlim two = new();
        int leases = 0;
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(decorate: parts =>
        {
            // Two at least hold their cache before either asks for the name, and both at the same time by the clock.
            ObservedObjectStore store = new(parts.Store, effect =>
            {
                if (effect.Operation == StoreOperation.Put && effect.Content.Span.IndexOf("\"snapshotting\""u8) >= 0)
                {
                    if (Interlocked.Increment(ref leases) == 2)
                    {
                        two.Set();
                    }

                    two.Wait(TimeSpan.FromSeconds(5));
                }
            });
            return parts with { Store = store, Catalog = new BackupCatalog(store, parts.Ids), Time = new CoarseTime() };
        });
        await Task.WhenAll(Enumerable.Range(0, Racers).Select(i => service.RegisterAsync($"source-{i}", server.Port)));
        (HttpStatusCode Status, JsonElement Body)[] answers = await Task.WhenAll(Enumerable.Range(0, Racers).Select(i =>
            service.SendAsync(HttpMethod.Post, "/backups", new { name = "raced", cache = $"source-{i}" })));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Accepted);
        Assert.All(
            answers.Where(a => a.Status != HttpStatusCode.Accepted),
            loser => Answers.AssertProblem(loser, HttpStatusCode.Conflict, "conflict", "backup named raced already"));
        await service.WaitForAsync("/backups/raced", "available");
        await Task.WhenAll(Enumerable.Range(0, Racers).Select(i => WaitUntilFreeAsync(service, $"source-{i}")));
    }

    [Fact]
    public async Task Racing_backups_of_one_cache_have_one_winner()
    {
        await using ServerProcess server = await FilledServerAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("source", server.Port);
        (HttpStatusCode Status, JsonElement Body)[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            service.SendAsync(HttpMethod.Post, "/backups", new { name = i % 2 == 0 ? "raced" : $"raced-{i}", cache = "source" })));
        JsonElement won = Assert.Single(answers, a => a.Status == HttpStatusCode.Accepted).Body;
        Assert.All(
            answers.Where(a => a.Status != HttpStatusCode.Accepted),
            loser => Answers.AssertProblem(loser, HttpStatusCode.Conflict, "conflict"));
        await service.WaitForAsync($"/backups/{won.GetProperty("name").GetString()}", "available");
        Assert.Equal(1, (await service.GetAsync("/backups")).Body.GetProperty("backups").GetArrayLength());
    }

    [Fact]
    public async Task Running_backup_holds_its_cache_and_its_name_until_it_is_cancelled()
    {
        await using ServerProcess server = await FilledServerAsync(CacheEngine.Valkey);
        using GatedParts gate = new();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(decorate: gate.Around);
        await service.RegisterAsync("source", server.Port);
        JsonElement running = await service.PostAsync("/backups", new { name = "first", cache = "source" });
        await gate.WaitForPartAsync();

        string execution = running.GetProperty("execution").GetString()!;
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups", new { name = "second", cache = "source" }),
            HttpStatusCode.Conflict, "conflict", "Cache source", "backup first", execution);
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups", new { name = "first", cache = "source" }),
            HttpStatusCode.Conflict, "conflict", "backup named first");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Delete, "/backups/first"), HttpStatusCode.Conflict, "conflict", "being made", execution);
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Delete, "/caches/source"), HttpStatusCode.Conflict, "conflict", "backup first");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups/first/restore", new { cache = "copy" }),
            HttpStatusCode.Conflict, "backup-not-restorable", "creating");
        Assert.Equal("snapshotting", (await service.GetAsync("/caches/source")).Body.GetProperty("status").GetString());

        JsonElement cancelled = await service.PostAsync($"/executions/{Uri.EscapeDataString(execution)}/cancel", new { });
        Assert.Equal("aborted", cancelled.GetProperty("status").GetString());
        Answers.AssertReason(await service.WaitForAsync("/backups/first", "failed"), "Cancelled");
        await WaitUntilFreeAsync(service, "source");
        Assert.Equal(0, await UploadsAsync(service));

        gate.Open();
        await service.BackUpAsync("first", "source");
    }

    [Theory]
    [InlineData("replication", "ReplicationRefusedException", "PSYNC")]
    [InlineData("scan", "CacheAccessDeniedException", "+scan")]
    [InlineData("stream", "CacheAccessDeniedException", "+scan")]
    public async Task Source_that_comes_to_refuse_what_it_is_read_by_fails_the_backup_with_advice(string method, string error, string advice)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("SET", "key", "value");
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.PostAsync("/caches", new { name = "source", host = "127.0.0.1", port = server.Port, method });
        await service.WaitForAsync("/caches/source", "available");
        await client.RequireAsync("ACL", "SETUSER", "default", "-psync", "-sync", "-scan");
        await service.PostAsync("/backups", new { name = "first", cache = "source" });
        Answers.AssertReason(await service.WaitForAsync("/backups/first", "failed"), error, $"127.0.0.1:{server.Port}", advice);
        await WaitUntilFreeAsync(service, "source");
    }

    [Fact]
    public async Task Source_that_dies_in_the_middle_of_each_transfer_fails_the_backup()
    {
        FakeSource source = new() { Rdb = SampleRdb.File(keys: 200, valueBytes: 10_000), ResetAfterBytes = 1_000_000 };
        await using FakeCacheServer server = FakeCacheServer.Start(source);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("source", server.Endpoint.Port);
        await service.PostAsync("/backups", new { name = "first", cache = "source" });
        Answers.AssertReason(await service.WaitForAsync("/backups/first", "failed"), "TransferCutException", $"127.0.0.1:{server.Endpoint.Port}");
        await WaitUntilFreeAsync(service, "source");
        Assert.Equal(0, await UploadsAsync(service));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000_000)]
    public async Task Data_that_is_damaged_on_its_way_fails_the_backup(int flippedByte)
    {
        byte[] rdb = SampleRdb.File(keys: 200, valueBytes: 10_000);
        rdb[^1] ^= 1;
        rdb[flippedByte] ^= 0x80;
        await using FakeCacheServer server = FakeCacheServer.Start(new FakeSource { Rdb = rdb });
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("source", server.Endpoint.Port);
        await service.PostAsync("/backups", new { name = "first", cache = "source" });
        Answers.AssertReason(await service.WaitForAsync("/backups/first", "failed"), "RdbFormatException", "at byte");
        await WaitUntilFreeAsync(service, "source");
        Assert.Equal(0, await UploadsAsync(service));
    }

    [Theory]
    [InlineData(StoreOperation.UploadPart, "StoreFullException")]
    [InlineData(StoreOperation.CompleteUpload, "StoreFullException")]
    public async Task Full_store_fails_the_backup_and_room_lets_the_next_succeed(StoreOperation operation, string error)
    {
        await using ServerProcess server = await FilledServerAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(decorate: parts =>
        {
            FaultyObjectStore store = new(parts.Store, [new StoreFault(operation, 1, StoreFaultKind.Full)]);
            return parts with { Store = store, Catalog = new BackupCatalog(store, parts.Ids) };
        });
        await service.RegisterAsync("source", server.Port);
        await service.PostAsync("/backups", new { name = "first", cache = "source" });
        Answers.AssertReason(await service.WaitForAsync("/backups/first", "failed"), error);
        Assert.Equal(0, await UploadsAsync(service));
        await WaitUntilFreeAsync(service, "source");
        await service.BackUpAsync("first", "source");
    }

    internal static async Task<ServerProcess> FilledServerAsync(CacheEngine engine)
    {
        ServerProcess server = await ServerProcess.StartAsync(engine);
        await using CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client);
        return server;
    }

    private static ValueTask<int> UploadsAsync(ServiceUnderTest service) =>
        service.Host.Parts.Store.ListUploadsAsync("data/", CancellationToken.None).CountAsync();

    /// <summary>A backup's end is seen before its cache is given back.</summary>
    private static async Task WaitUntilFreeAsync(ServiceUnderTest service, string cache)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        CacheName name = CacheName.Parse(cache);
        while (await service.Host.Parts.Catalog.Caches.GetAsync(name, limit.Token) is not { Operation: null, Status: CacheStatus.Available })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Tells the time in whole hours; timers run as ever.</summary>
    private sealed class CoarseTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            DateTimeOffset now = System.GetUtcNow();
            return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        }
    }
}
