using System.Net;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

/// <summary>Parts of a backup, restored and compared on real servers.</summary>
[Trait("Category", "Server")]
public sealed class PartialRestoreTests
{
    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Keys_that_fit_every_condition_are_restored_and_the_rest_counted(CacheEngine engine)
    {
        await using ServerProcess server = await MixedServerAsync(engine);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await VerifyTests.BackUpAsync(service, server);
        await service.PostAsync("/backups/first/restore", new { cache = "copy", match = "user:*", types = new[] { "hash", "zset" }, databases = new[] { 0, 5 } });
        JsonElement outcome = (await service.WaitForAsync("/caches/copy", "available")).GetProperty("restoration").GetProperty("outcome");
        Assert.Equal((3L, 3L, 8L, 11L), (Of(outcome, "restored"), Of(outcome, "compared"), Of(outcome, "leftOut"), Of(outcome, "total")));
        Assert.Equal(0, outcome.GetProperty("functionLibraries").GetInt32());

        await using CacheClient client = await ConnectAsync(service, "copy");
        Assert.Equal(["user:h1", "user:h2"], await KeysAsync(client, 0));
        Assert.Equal(["user:z"], await KeysAsync(client, 5));
        Assert.Empty(await KeysAsync(client, 9));
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Part_is_downloaded_as_a_file_that_the_engines_own_server_loads(CacheEngine engine)
    {
        await using ServerProcess server = await MixedServerAsync(engine);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await VerifyTests.BackUpAsync(service, server);
        (_, JsonElement download) = await service.GetAsync("/backups/first/download?match=user:*&type=hash,zset&db=0,5");
        Assert.Equal("first-0001-part.rdb", download.GetProperty("fileName").GetString());
        Assert.False(download.TryGetProperty("sizeBytes", out _));

        using TemporaryDirectory directory = new();
        string file = Path.Combine(directory.Path, "part.rdb");
        using HttpClient plain = new();
        await File.WriteAllBytesAsync(file, await plain.GetByteArrayAsync(download.GetProperty("url").GetString()));
        SortedDictionary<string, string> loaded = await LoadedServer.LoadAsync(engine, file);
        Assert.Equal(2, loaded.Count);
        SortedDictionary<string, string> whole = await LoadedServer.ContentAsync(server);
        Assert.All(loaded, key => Assert.Equal(whole[key.Key], key.Value));
    }

    [Fact]
    public async Task Part_that_fits_nothing_makes_an_empty_cache()
    {
        await using ServerProcess server = await MixedServerAsync(CacheEngine.Valkey);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await VerifyTests.BackUpAsync(service, server);
        await service.PostAsync("/backups/first/restore", new { cache = "copy", match = "nothing:*" });
        JsonElement outcome = (await service.WaitForAsync("/caches/copy", "available")).GetProperty("restoration").GetProperty("outcome");
        Assert.Equal((0L, 11L), (Of(outcome, "restored"), Of(outcome, "leftOut")));
    }

    [Fact]
    public async Task Part_cannot_be_loaded_and_unknown_types_are_refused()
    {
        await using ServerProcess server = await MixedServerAsync(CacheEngine.Valkey);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await VerifyTests.BackUpAsync(service, server);
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups/first/restore", new { cache = "copy", match = "user:*", fill = "load" }),
            HttpStatusCode.BadRequest, "invalid-request", "fill");
        Answers.AssertProblem(
            await service.SendAsync(HttpMethod.Post, "/backups/first/restore", new { cache = "copy", types = new[] { "sorted-set" } }),
            HttpStatusCode.BadRequest, "invalid-request", "zset");
        Assert.Equal(HttpStatusCode.NotFound, (await service.GetAsync("/caches/copy")).Status);
    }

    /// <summary>Eleven keys in three databases, and a function library.</summary>
    private static async Task<ServerProcess> MixedServerAsync(CacheEngine engine)
    {
        ServerProcess server = await ServerProcess.StartAsync(engine);
        await using CacheClient client = await server.ConnectAsync();
        foreach (RespArgument[] command in (RespArgument[][])
        [
            ["HSET", "user:h1", "f", "v"],
            ["HSET", "user:h2", "f", "v"],
            ["PEXPIREAT", "user:h2", 4_102_444_800_000],
            ["SET", "user:s", "v"],
            ["HSET", "order:h", "f", "v"],
            ["ZADD", "order:z", 1, "m"],
            ["XADD", "user:x", "1-1", "f", "v"],
            ["FUNCTION", "LOAD", "#!lua name=mine\nredis.register_function('f', function() return 1 end)"],
            ["SELECT", 5],
            ["ZADD", "user:z", 1, "m"],
            ["RPUSH", "user:l", "m"],
            ["SELECT", 9],
            ["HSET", "user:h1", "f", "v"],
            ["HSET", "user:h9", "f", "v"],
            ["SET", "user:s", "v"],
        ])
        {
            await client.RequireAsync(command);
        }

        return server;
    }

    private static long Of(JsonElement outcome, string member) => outcome.GetProperty(member).GetInt64();

    internal static async Task<CacheClient> ConnectAsync(ServiceUnderTest service, string cache)
    {
        CacheAddress address = (await service.Host.Parts.Catalog.Caches.GetAsync(CacheName.Parse(cache), CancellationToken.None)).Shards[0].Address;
        CacheClient client = await CacheClient.ConnectAsync(address.Endpoint, useTls: false, CancellationToken.None);
        if (address.Password is { } password)
        {
            await client.RequireAsync("AUTH", await File.ReadAllTextAsync(password.Value["file:".Length..]));
        }

        return client;
    }

    internal static async Task<string[]> KeysAsync(CacheClient client, int database)
    {
        await client.RequireAsync("SELECT", database);
        RespReply reply = await client.RequireAsync("KEYS", "*");
        return reply.TryGetItems(out ReadOnlyMemory<RespReply> items)
            ? [.. items.ToArray().Select(item => item.TryGetText(out string text) ? text : "?").Order(StringComparer.Ordinal)]
            : throw new InvalidOperationException("KEYS answers with a list.");
    }
}
