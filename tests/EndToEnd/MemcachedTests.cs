using System.Text;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Memcached through the whole service: registered, backed up, verified, copied, restored into an endpoint, deleted.</summary>
[Trait("Category", "Server")]
public sealed class MemcachedTests
{
    private const int Items = 5_000;

    [Fact]
    public async Task A_backup_of_memcached_is_verified_copied_restored_item_by_item_and_deleted()
    {
        await using MemcachedProcess source = await FilledAsync();
        await using MemcachedProcess target = await MemcachedProcess.StartAsync();
        await using MemcachedProcess another = await MemcachedProcess.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.PostAsync("/caches", new { name = "sessions", engine = "memcached", host = "127.0.0.1", port = source.Port });
        JsonElement cache = await service.WaitForAsync("/caches/sessions", "available");
        Assert.Equal("memcached", cache.GetProperty("engine").GetString());

        JsonElement backup = await service.BackUpAsync("first", "sessions");
        Assert.Equal((Items, "memcached"), (backup.GetProperty("keys").GetInt32(), backup.GetProperty("engine").GetString()));
        JsonElement shard = backup.GetProperty("shards")[0];
        Assert.Equal(("per-item", "MEMCACHED1"), (shard.GetProperty("consistency").GetString(), shard.GetProperty("rdbVersion").GetString()));
        Assert.Equal(Items, shard.GetProperty("scan").GetProperty("listed").GetInt32());

        await service.PostAsync("/backups/first/verify", new { });
        await WaitForVerificationAsync(service, "first");
        await service.PostAsync("/backups/first/copy", new { name = "second" });
        await service.WaitForAsync("/backups/second", "available");
        await service.PostAsync("/backups/second/restore", new { cache = "copy", endpoint = new { host = "127.0.0.1", port = target.Port } });
        JsonElement restored = await service.WaitForAsync("/caches/copy", "available");
        JsonElement outcome = restored.GetProperty("restoration").GetProperty("outcome");
        Assert.Equal((Items, Items, Items), (outcome.GetProperty("total").GetInt32(), outcome.GetProperty("restored").GetInt32(), outcome.GetProperty("compared").GetInt32()));
        await AssertEqualAsync(source, target);

        // A cache like any other from now on.
        await service.BackUpAsync("third", "copy");
        await service.PostAsync(
            "/backups/third/restore", new { cache = "part", match = "key:1*", endpoint = new { engine = "memcached", host = "127.0.0.1", port = another.Port } });
        outcome = (await service.WaitForAsync("/caches/part", "available")).GetProperty("restoration").GetProperty("outcome");
        Assert.Equal((1_111, Items - 1_111), (outcome.GetProperty("restored").GetInt32(), outcome.GetProperty("leftOut").GetInt32()));

        await service.WaitForAsync("/backups/third", "available");
        await service.Client.RemoveAsync("/backups/third");
        await service.Client.RemoveAsync("/backups/second");
        Assert.Equal(["first"], (await service.GetAsync("/backups")).Body.GetProperty("backups").EnumerateArray().Select(b => b.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_is_taken_in_slices_is_verified_copied_and_restored_like_any_other(bool isListedFirst)
    {
        const int SliceKeys = 700;
        await using MemcachedProcess source = await FilledAsync();
        await using MemcachedProcess target = await MemcachedProcess.StartAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(decorate: parts => parts with
        {
            Slices = new SliceLimit { Keys = SliceKeys },
            Caches = isListedFirst ? new ListedCaches(parts.Caches) : parts.Caches,
        });
        await RegisterAsync(service, source);
        JsonElement backup = await service.BackUpAsync("first", "sessions");
        await service.EndOfAsync(backup.GetProperty("execution").GetString()!);
        Assert.Equal(Items, backup.GetProperty("keys").GetInt32());
        JsonElement shard = backup.GetProperty("shards")[0];
        JsonElement scan = shard.GetProperty("scan");
        int slices = (Items + SliceKeys - 1) / SliceKeys;
        Assert.Equal(
            (Items, Items, Items, slices + (isListedFirst ? 1 : 0)),
            (scan.GetProperty("keysAtStart").GetInt32(), scan.GetProperty("listed").GetInt32(), scan.GetProperty("keysAtEnd").GetInt32(), scan.GetProperty("slices").GetInt32()));
        Assert.Equal("key:2990 with a space".Length + 996, shard.GetProperty("largestItemBytes").GetInt32());
        Assert.Empty(LeftOf(service));

        await service.PostAsync("/backups/first/verify", new { });
        await WaitForVerificationAsync(service, "first");
        await service.PostAsync("/backups/first/copy", new { name = "second" });
        await service.WaitForAsync("/backups/second", "available");
        await service.PostAsync("/backups/second/restore", new { cache = "copy", endpoint = new { host = "127.0.0.1", port = target.Port } });
        JsonElement outcome = (await service.WaitForAsync("/caches/copy", "available")).GetProperty("restoration").GetProperty("outcome");
        Assert.Equal((Items, Items), (outcome.GetProperty("total").GetInt32(), outcome.GetProperty("compared").GetInt32()));
        await AssertEqualAsync(source, target);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_node_that_is_restarted_between_two_slices_fails_the_backup_with_the_reason(int beforeSlice)
    {
        await using MemcachedProcess source = await FilledAsync();
        int calls = 0;
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(decorate: parts => parts with
        {
            Slices = new SliceLimit { Keys = 1_000 },
            Caches = new ListedCaches(parts.Caches)
            {
                BeforeSlice = async number =>
                {
                    calls++;
                    if (number == beforeSlice)
                    {
                        await source.KillAsync();
                        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
                        await source.StartAgainAsync();
                    }
                },
            },
        });
        await RegisterAsync(service, source);
        await service.PostAsync("/backups", new { name = "first", cache = "sessions" });
        JsonElement failed = await service.WaitForAsync("/backups/first", "failed");
        Answers.AssertReason(failed, "CacheEmptiedException", "another process", $"{(beforeSlice - 2) * 1_000:N0} of {Items:N0} items");
        Assert.Equal(beforeSlice, calls);
        await service.WaitForAsync("/caches/sessions", "available");
        Assert.Empty(LeftOf(service));

        // The name is free again, for what the node holds now.
        using (MemcachedClient client = await source.ConnectAsync())
        {
            await client.SetAsync("one"u8.ToArray(), "1"u8.ToArray());
        }

        Assert.Equal(1, (await service.BackUpAsync("first", "sessions")).GetProperty("keys").GetInt32());
    }

    [Fact]
    public async Task A_final_backup_of_memcached_is_read_back_before_the_cache_goes()
    {
        await using MemcachedProcess source = await FilledAsync();
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.PostAsync("/caches", new { name = "sessions", engine = "memcached", host = "127.0.0.1", port = source.Port });
        await service.WaitForAsync("/caches/sessions", "available");
        await service.SendAsync(HttpMethod.Delete, "/caches/sessions?finalBackup=last");
        Assert.Equal(Items, (await service.WaitForAsync("/backups/last", "available")).GetProperty("keys").GetInt32());
        for (int i = 0; (await service.GetAsync("/caches/sessions")).Status != System.Net.HttpStatusCode.NotFound; i++)
        {
            Assert.True(i < 600, "The cache was not removed.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        // Only forgotten: it is its user's.
        using MemcachedClient client = await source.ConnectAsync();
        Assert.NotNull(await client.GetAsync(KeyOf(1)));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_in_plain_words()
    {
        await using MemcachedProcess source = await FilledAsync();
        await using ServerProcess redis = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServerProcess empty = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using MemcachedProcess crawlerless = await MemcachedProcess.StartAsync("-m 64 -o no_lru_crawler");
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await FailAsync("wrong", redis.Port, null, "CacheProtocolException", "Memcached 1.6.10 or later");
        await FailAsync("listless", crawlerless.Port, null, "InvalidRequestException", "lru_crawler enable");
        await FailAsync("replicated", source.Port, "replication", "InvalidRequestException", "Memcached has no replication");
        await service.PostAsync("/caches", new { name = "named", engine = "valkey", host = "127.0.0.1", port = redis.Port });
        Answers.AssertReason(await service.WaitForAsync("/caches/named", "create-failed"), "InvalidRequestException", "was registered as Valkey", "is Redis OSS");

        await service.PostAsync("/caches", new { name = "sessions", engine = "memcached", host = "127.0.0.1", port = source.Port });
        await service.WaitForAsync("/caches/sessions", "available");
        await service.BackUpAsync("first", "sessions");
        await service.PostAsync("/backups/first/restore", new { cache = "server" });
        Answers.AssertReason(await service.WaitForAsync("/caches/server", "create-failed"), "ProvisioningException", "restore into that endpoint");
        await service.WaitForAsync("/backups/first", "available");
        await service.PostAsync("/backups/first/restore", new { cache = "full", endpoint = new { host = "127.0.0.1", port = source.Port } });
        Answers.AssertReason(await service.WaitForAsync("/caches/full", "create-failed"), "already, and a restore never writes into one that exists");
        await service.WaitForAsync("/backups/first", "available");
        await service.PostAsync("/backups/first/restore", new { cache = "other", endpoint = new { engine = "redis", host = "127.0.0.1", port = empty.Port } });
        Answers.AssertReason(await service.WaitForAsync("/caches/other", "restore-failed"), "BackupNotRestorableException", "own engine");

        async Task FailAsync(string name, int port, string? method, params string[] reasons)
        {
            await service.PostAsync("/caches", new { name, engine = "memcached", host = "127.0.0.1", port, method });
            Answers.AssertReason(await service.WaitForAsync($"/caches/{name}", "create-failed"), reasons);
        }
    }

    [Fact]
    public async Task File_commands_take_verify_and_restore_a_stream_of_items()
    {
        await using MemcachedProcess source = await FilledAsync();
        await using MemcachedProcess target = await MemcachedProcess.StartAsync();
        using TemporaryDirectory directory = new();
        string file = Path.Combine(directory.Path, "sessions.mc");
        (int Status, string Output, string Error) snapshot = await ToolProcess.RunAsync("snapshot", $"memcached://127.0.0.1:{source.Port}", file);
        Assert.True(snapshot.Status == 0, snapshot.Error);
        Assert.Contains($"The server listed {Items} keys", snapshot.Output, StringComparison.Ordinal);
        (int Status, string Output, string Error) verify = await ToolProcess.RunAsync("verify", file, "--values", "--json");
        Assert.True(verify.Status == 0, verify.Error);
        using JsonDocument verification = JsonDocument.Parse(verify.Output);
        Assert.Equal(("unverified", "MEMCACHED1", Items), (
            verification.RootElement.GetProperty("verdict").GetString(),
            verification.RootElement.GetProperty("rdbVersion").GetString(),
            verification.RootElement.GetProperty("keys").GetInt32()));
        (int Status, string Output, string Error) inspect = await ToolProcess.RunAsync("inspect", file);
        Assert.Contains("inspect reads RDB files", inspect.Error, StringComparison.Ordinal);
        (int Status, string Output, string Error) restore = await ToolProcess.RunAsync("restore", file, $"memcached://127.0.0.1:{target.Port}");
        Assert.True(restore.Status == 0, restore.Error);
        await AssertEqualAsync(source, target);
        (int Status, string Output, string Error) again = await ToolProcess.RunAsync("restore", file, $"memcached://127.0.0.1:{target.Port}");
        Assert.Contains("only writes into an empty cache", again.Error, StringComparison.Ordinal);

        byte[] bytes = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, bytes[..^5]);
        (int Status, string Output, string Error) cut = await ToolProcess.RunAsync("verify", file);
        Assert.Equal(1, cut.Status);
        Assert.Contains("damaged", cut.Output, StringComparison.Ordinal);
    }

    private static async Task RegisterAsync(ServiceUnderTest service, MemcachedProcess source)
    {
        await service.PostAsync("/caches", new { name = "sessions", engine = "memcached", host = "127.0.0.1", port = source.Port });
        await service.WaitForAsync("/caches/sessions", "available");
    }

    /// <summary>What slices have left in the store for each other.</summary>
    private static IEnumerable<string> LeftOf(ServiceUnderTest service) =>
        Directory.EnumerateFiles(Path.Combine(service.Directory, "store", "data~"), "*", SearchOption.AllDirectories)
            .Where(path => path.Contains("slices", StringComparison.Ordinal));

    private static async Task<MemcachedProcess> FilledAsync()
    {
        MemcachedProcess server = await MemcachedProcess.StartAsync();
        using MemcachedClient client = await server.ConnectAsync();
        for (int i = 0; i < Items; i++)
        {
            await client.SetAsync(KeyOf(i), Encoding.ASCII.GetBytes(new string((char)('a' + (i % 26)), i % 997)), (uint)i, i % 5 == 0 ? 86_400 : 0);
        }

        return server;
    }

    private static byte[] KeyOf(int number) => Encoding.ASCII.GetBytes($"key:{number}{(number % 10 == 0 ? " with a space" : string.Empty)}");

    private static async Task AssertEqualAsync(MemcachedProcess source, MemcachedProcess target)
    {
        using MemcachedClient one = await source.ConnectAsync();
        using MemcachedClient other = await target.ConnectAsync();
        for (int i = 0; i < Items; i++)
        {
            (byte[] Value, uint Flags, long SecondsLeft) expected = (await one.GetAsync(KeyOf(i)))!.Value;
            (byte[] Value, uint Flags, long SecondsLeft)? found = await other.GetAsync(KeyOf(i));
            Assert.True(found is not null, $"item {i} is missing");
            Assert.Equal(expected.Value, found.Value.Value);
            Assert.Equal(expected.Flags, found.Value.Flags);
            Assert.InRange(found.Value.SecondsLeft - expected.SecondsLeft, -1, 1);
        }

        Assert.Equal((await one.StatsAsync())["curr_items"], (await other.StatsAsync())["curr_items"]);
    }

    private static async Task WaitForVerificationAsync(ServiceUnderTest service, string backup)
    {
        for (int i = 0; i < 600; i++)
        {
            JsonElement body = (await service.GetAsync($"/backups/{backup}")).Body;
            if (body.GetProperty("status").GetString() == "available"
                && body.TryGetProperty("verification", out JsonElement found) && found.ValueKind == JsonValueKind.Object)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        Assert.Fail("The backup was not verified.");
    }
}
