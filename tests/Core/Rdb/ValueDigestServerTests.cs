using System.Globalization;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>What real servers store in different ways has one digest, and what differs in one element has another.</summary>
[Trait("Category", "Server")]
public sealed class ValueDigestServerTests
{
    private static readonly string[] Compact =
    [
        "list-max-listpack-size -2", "list-compress-depth 0", "hash-max-listpack-entries 10000", "hash-max-listpack-value 10000",
        "zset-max-listpack-entries 10000", "zset-max-listpack-value 10000", "set-max-intset-entries 512", "stream-node-max-entries 100",
        "rdbcompression yes",
    ];

    private static readonly string[] Spread =
    [
        "list-max-listpack-size 3", "list-compress-depth 1", "hash-max-listpack-entries 0", "zset-max-listpack-entries 0",
        "set-max-intset-entries 0", "stream-node-max-entries 2", "rdbcompression no",
    ];

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task The_same_elements_have_the_same_digest_in_every_encoding(CacheEngine engine)
    {
        await using var server = await ServerProcess.StartAsync(engine);
        await using var client = await server.ConnectAsync();
        await ConfigureAsync(client, engine, Compact, 128);
        await client.RunAsync(Values("a", 0));
        await ConfigureAsync(client, engine, Spread, 0);
        await client.RunAsync(Values("b", 0));

        var pairs = new HashSet<(RdbType, RdbType)>();
        foreach (string name in Names())
        {
            byte[] a = await client.DumpAsync($"a:{name}");
            byte[] b = await client.DumpAsync($"b:{name}");
            Assert.True(ServerPayloads.DigestOf(a) == ServerPayloads.DigestOf(b), $"{name}: {ServerPayloads.TypeOf(a)} and {ServerPayloads.TypeOf(b)}");
            pairs.Add((ServerPayloads.TypeOf(a), ServerPayloads.TypeOf(b)));
        }

        // The comparison is one of encodings, not of equal bytes.
        Assert.Contains((RdbType.HashListpack, RdbType.Hash), pairs);
        Assert.Contains((RdbType.SortedSetListpack, RdbType.SortedSet2), pairs);
        Assert.Contains(engine == CacheEngine.Valkey ? (RdbType.SetListpack, RdbType.Set) : (RdbType.SetIntset, RdbType.Set), pairs);
        Assert.Contains((RdbType.SetIntset, RdbType.Set), pairs);
    }

    [Fact]
    public async Task Another_engine_that_upgrades_the_encoding_keeps_the_digest()
    {
        await using var redis = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using var valkey = await ServerProcess.StartAsync(CacheEngine.Valkey);
        await using var source = await redis.ConnectAsync();
        await using var target = await valkey.ConnectAsync();
        await source.RunAsync(Values("a", 0));

        var upgrades = new HashSet<(RdbType, RdbType)>();
        foreach (string name in Names())
        {
            byte[] dump = await source.DumpAsync($"a:{name}");
            await target.RequireAsync("RESTORE", name, 0, dump);
            byte[] again = await target.DumpAsync(name);
            Assert.Equal(ServerPayloads.DigestOf(dump), ServerPayloads.DigestOf(again));
            upgrades.Add((ServerPayloads.TypeOf(dump), ServerPayloads.TypeOf(again)));
        }

        Assert.Contains((RdbType.Stream2, RdbType.Stream3), upgrades);
        Assert.Contains((RdbType.Set, RdbType.SetListpack), upgrades);
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task A_change_of_one_element_changes_the_digest(CacheEngine engine)
    {
        await using var server = await ServerProcess.StartAsync(engine);
        await using var client = await server.ConnectAsync();
        await client.RunAsync(Values("a", 0));
        foreach (var (name, change) in Changes())
        {
            string key = $"a:{name}";
            byte[] before = await client.DumpAsync(key);
            await client.RequireAsync(change);
            byte[] after = await client.DumpAsync(key);

            Assert.True(ServerPayloads.DigestOf(before) != ServerPayloads.DigestOf(after), string.Join(' ', change.Select(a => Encoding.UTF8.GetString(a.Bytes))));
        }
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task An_older_stream_digests_as_the_server_that_loads_it_completes_it(CacheEngine engine)
    {
        await using var server = await ServerProcess.StartAsync(engine);
        await using var client = await server.ConnectAsync();
        int streams = 0;
        foreach (var (_, bytes) in RdbFixtures.Good(200_000))
        {
            var file = new RecordingHandler();
            RdbReaderTests.ReadWhole(bytes, file);
            foreach (var entry in file.Entries.Where(e => e.Start.Type == RdbType.Stream))
            {
                var payload = new System.Buffers.ArrayBufferWriter<byte>();
                RdbPayload.Write(RdbType.Stream, entry.Value, RdbRestoreVersion.LowestFor(RdbType.Stream, RdbMagic.Redis), payload);
                await client.RequireAsync("RESTORE", "stream", 0, payload.WrittenMemory, "REPLACE");
                byte[] dump = await client.DumpAsync("stream");

                Assert.NotEqual(RdbType.Stream, ServerPayloads.TypeOf(dump));
                Assert.Equal(ServerPayloads.DigestOf(payload.WrittenSpan.ToArray()), ServerPayloads.DigestOf(dump));
                streams++;
            }
        }

        Assert.True(streams >= 5, $"{streams} streams");
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task A_saved_file_holds_the_payloads_that_the_server_dumps(CacheEngine engine)
    {
        await using var server = await ServerProcess.StartAsync(engine);
        await using var client = await server.ConnectAsync();
        await client.RunAsync(Values("a", 0));
        await client.RequireAsync("SAVE");
        var file = new RecordingHandler();
        var summary = RdbReaderTests.ReadWhole(await File.ReadAllBytesAsync(Path.Combine(server.DirectoryPath, "dump.rdb")), file);

        Assert.Equal(Names().Count(), file.Entries.Count);
        Assert.Equal(RdbCrcState.Verified, summary.CrcState);
        foreach (var entry in file.Entries)
        {
            byte[] dump = await client.DumpAsync(Encoding.UTF8.GetString(entry.Key));
            Assert.Equal(entry.Start.Type, ServerPayloads.TypeOf(dump));
            Assert.Equal(entry.Value, dump[1..^RdbFooter.SizeBytes]);
        }
    }

    private static async Task ConfigureAsync(CacheClient client, CacheEngine engine, string[] settings, int listpackSet)
    {
        foreach (string setting in settings)
        {
            string[] words = setting.Split(' ');
            await client.RequireAsync("CONFIG", "SET", words[0], words[1]);
        }

        if (engine == CacheEngine.Valkey)
        {
            await client.RequireAsync("CONFIG", "SET", "set-max-listpack-entries", listpackSet);
            await client.RequireAsync("CONFIG", "SET", "set-max-listpack-value", 10000);
        }
    }

    private static IEnumerable<string> Names() =>
        ["number", "text", "zeros", "mixed", "noise", "list", "longlist", "numbers", "words", "set", "hash", "zset", "stream", "emptystream", "trimmed"];

    /// <summary>The commands that make one value of each kind, the same for the same seed.</summary>
    private static RespArgument[][] Values(string prefix, int seed)
    {
        var random = new Random(seed);
        var texts = ServerPayloads.Texts(random);
        var longTexts = ServerPayloads.LongTexts(random);
        var commands = new List<RespArgument[]>
        {
            new RespArgument[] { "SET", $"{prefix}:number", -1234567 },
            new RespArgument[] { "SET", $"{prefix}:text", texts[^1] },
            new RespArgument[] { "SET", $"{prefix}:zeros", longTexts[0] },
            new RespArgument[] { "SET", $"{prefix}:mixed", longTexts[1] },
            new RespArgument[] { "SET", $"{prefix}:noise", longTexts[2] },
        };
        commands.Add(["RPUSH", $"{prefix}:list", .. texts.Select(t => (RespArgument)t)]);
        commands.Add(["RPUSH", $"{prefix}:longlist", .. longTexts.Select(t => (RespArgument)t), "short"]);
        commands.Add(["SADD", $"{prefix}:numbers", "1", "-5", "70000", "9223372036854775807", "-9223372036854775808", "12"]);
        commands.Add(["SADD", $"{prefix}:words", "one", "two", "three"]);
        commands.Add(["SADD", $"{prefix}:set", .. texts.Take(60).Where(t => t.Length < 6000).Select(t => (RespArgument)t)]);
        commands.Add(["HSET", $"{prefix}:hash", .. texts.SelectMany((t, i) => (RespArgument[])[t, texts[^(1 + i)]])]);
        commands.Add(["ZADD", $"{prefix}:zset", .. texts.SelectMany((t, i) => (RespArgument[])[ScoreOf(i), t])]);
        AddStream(commands, prefix, texts);
        return [.. commands];
    }

    private static string ScoreOf(int i) => (i % 9) switch
    {
        0 => "inf",
        1 => "-inf",
        2 => "-0",
        3 => "1e300",
        4 => (i / 7.0).ToString("R", CultureInfo.InvariantCulture),
        5 => (-i * 1e-9).ToString("R", CultureInfo.InvariantCulture),
        _ => i.ToString(CultureInfo.InvariantCulture),
    };

    private static void AddStream(List<RespArgument[]> commands, string prefix, List<byte[]> texts)
    {
        string key = $"{prefix}:stream";
        for (int i = 0; i < texts.Count; i++)
        {
            RespArgument[] fields = i % 4 == 3 ? ["other", texts[i], "more", i] : ["field", texts[i]];
            commands.Add(["XADD", key, $"{1_700_000_000_000 + (i / 3)}-{i % 3}", .. fields]);
        }

        commands.Add(["XDEL", key, "1700000000001-1", "1700000000004-0"]);
        commands.Add(["XGROUP", "CREATE", key, "group", "1700000000003-0", "ENTRIESREAD", 10]);
        commands.Add(["XGROUP", "CREATE", key, "idle", "$"]);
        commands.Add(["XGROUP", "CREATECONSUMER", key, "group", "alice"]);
        foreach (var (consumer, id, time, deliveries) in (ReadOnlySpan<(string, string, long, int)>)
            [("alice", "1700000000003-1", 1_700_000_001_000, 1), ("bob", "1700000000003-2", 1_700_000_002_000, 70), ("alice", "1700000000005-0", 1_700_000_003_000, 2)])
        {
            commands.Add(["XCLAIM", key, "group", consumer, 0, id, "TIME", time, "RETRYCOUNT", deliveries, "FORCE", "JUSTID"]);
        }

        commands.Add(["XGROUP", "CREATE", $"{prefix}:emptystream", "g", "0", "MKSTREAM"]);
        commands.Add(["XADD", $"{prefix}:trimmed", "5-1", "a", "b"]);
        commands.Add(["XADD", $"{prefix}:trimmed", "5-2", "a", "b"]);
        commands.Add(["XTRIM", $"{prefix}:trimmed", "MAXLEN", "0"]);
    }

    private static IEnumerable<(string Name, RespArgument[] Change)> Changes() =>
    [
        ("number", ["INCR", "a:number"]),
        ("text", ["SETRANGE", "a:text", 0, "!"]),
        ("zeros", ["SETRANGE", "a:zeros", 150_000, "!"]),
        ("noise", ["APPEND", "a:noise", "!"]),
        ("list", ["LSET", "a:list", 3, "other"]),
        ("list", ["RPOPLPUSH", "a:list", "a:list"]),
        ("longlist", ["LSET", "a:longlist", 1, "other"]),
        ("numbers", ["SREM", "a:numbers", 12]),
        ("set", ["SADD", "a:set", "one more"]),
        ("hash", ["HSET", "a:hash", "007", "other"]),
        ("hash", ["HDEL", "a:hash", "007"]),
        ("zset", ["ZADD", "a:zset", 2.5.ToString(CultureInfo.InvariantCulture), "007"]),
        ("zset", ["ZADD", "a:zset", "1e-300", "field"]),
        ("words", ["SREM", "a:words", "two"]),
        ("stream", ["XADD", "a:stream", "1800000000000-0", "a", "b"]),
        ("stream", ["XDEL", "a:stream", "1700000000002-0"]),
        ("stream", ["XSETID", "a:stream", "1800000000000-1", "ENTRIESADDED", 1000, "MAXDELETEDID", "1700000000004-0"]),
        ("stream", ["XSETID", "a:stream", "1800000000000-1", "ENTRIESADDED", 1001, "MAXDELETEDID", "1700000000004-0"]),
        ("stream", ["XSETID", "a:stream", "1800000000000-1", "ENTRIESADDED", 1001, "MAXDELETEDID", "1700000000004-1"]),
        ("stream", ["XACK", "a:stream", "group", "1700000000003-1"]),
        ("stream", ["XCLAIM", "a:stream", "group", "bob", 0, "1700000000005-0", "TIME", 1_700_000_003_000, "RETRYCOUNT", 2, "JUSTID"]),
        ("stream", ["XCLAIM", "a:stream", "group", "bob", 0, "1700000000005-0", "TIME", 1_700_000_003_001, "RETRYCOUNT", 2, "JUSTID"]),
        ("stream", ["XCLAIM", "a:stream", "group", "bob", 0, "1700000000005-0", "TIME", 1_700_000_003_001, "RETRYCOUNT", 3, "JUSTID"]),
        ("stream", ["XGROUP", "SETID", "a:stream", "group", "1700000000003-1", "ENTRIESREAD", 11]),
        ("stream", ["XGROUP", "SETID", "a:stream", "group", "1700000000003-1", "ENTRIESREAD", 12]),
        ("stream", ["XGROUP", "DELCONSUMER", "a:stream", "group", "alice"]),
        ("stream", ["XGROUP", "DESTROY", "a:stream", "idle"]),
        ("emptystream", ["XGROUP", "CREATECONSUMER", "a:emptystream", "g", "c"]),
        ("trimmed", ["XADD", "a:trimmed", "5-3", "a", "b"]),
    ];
}
