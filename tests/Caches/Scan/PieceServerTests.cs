using System.Globalization;
using CacheBackup.Caches.Scan;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>Values in pieces from real servers, which load the file and find the same data in it.</summary>
[Trait("Category", "Server")]
public sealed class PieceServerTests
{
    private const long Expiry = 4_000_000_000_123;

    private static readonly PieceOptions Everything = new()
    {
        Keys = [GlobPattern.Parse("*")],
        LeastElements = 1,
        LeastBytes = 1,
        ElementsAtOnce = 100,
        BytesAtOnce = 1_000,
    };

    public static TheoryData<CacheEngine> Engines => [CacheEngine.Redis, CacheEngine.Valkey];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Every_type_in_pieces_is_equal_in_a_server_that_loads_the_file(CacheEngine engine)
    {
        await using ScannedServer source = await ScannedServer.StartAsync(engine);
        await RespTargetDataSet.FillAsync(source.Server, seed: 4);
        (byte[] rdb, _) = await source.TakeAsync(ScanOptions.Default with { Pieces = Everything });

        // Streams go whole, and nothing else does.
        ServerInfo commands = ServerInfo.Parse(await source.Client.TextAsync("INFO", "commandstats"));
        RdbType[] types = [.. KeysOf.Read(rdb).Entries.Values.Select(entry => entry.Type)];
        Assert.InRange(commands.Calls("dump"), 1, types.Length / 10);
        Assert.Superset(new HashSet<RdbType> { RdbType.String, RdbType.List, RdbType.Set, RdbType.SortedSet2, RdbType.Hash }, types.ToHashSet());
        Assert.DoesNotContain(types, type => type is RdbType.ListQuicklist2 or RdbType.HashListpack or RdbType.SortedSetListpack or RdbType.SetIntset);
        await source.VerifyContentAsync(rdb);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Large_values_of_marked_keys_come_in_pieces_and_all_others_whole(CacheEngine engine)
    {
        const int Elements = 5_000;
        await using ScannedServer source = await ScannedServer.StartAsync(engine);
        await FillAsync(source.Client, "big", Elements);
        await FillAsync(source.Client, "other", Elements);
        await FillAsync(source.Client, "big-no-more", 20);
        PieceOptions pieces = Everything with { Keys = [GlobPattern.Parse("big*")], LeastElements = 1_000, LeastBytes = 100_000 };
        (byte[] rdb, _) = await source.TakeAsync(ScanOptions.Default with { Pieces = pieces });

        Dictionary<string, RdbEntryStart> entries = KeysOf.Read(rdb).Entries;
        Assert.Equal(
            [RdbType.Hash, RdbType.List, RdbType.Set, RdbType.String, RdbType.SortedSet2],
            Kinds.Select(kind => entries[$"big:{kind}"].Type));
        Assert.Equal(Expiry, entries["big:hash"].ExpireAtMilliseconds);
        Assert.Null(entries["big:set"].ExpireAtMilliseconds);
        Assert.Equal(2 * Kinds.Length, ServerInfo.Parse(await source.Client.TextAsync("INFO", "commandstats")).Calls("dump"));
        await source.VerifyContentAsync(rdb);
    }

    [Fact]
    public async Task A_value_that_changes_while_it_is_read_is_as_it_was_at_one_moment()
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await FillAsync(source.Client, "big", 5_000);
        using var ending = new CancellationTokenSource();
        Task writing = WriteAsync(source.Server, ending.Token);
        (byte[] rdb, _) = await source.TakeAsync(ScanOptions.Default with { Pieces = Everything with { ElementsAtOnce = 10 } });
        await ending.CancelAsync();
        await writing;

        // Each writing is of two fields at once.
        ServerInfo commands = ServerInfo.Parse(await source.Client.TextAsync("INFO", "commandstats"));
        Assert.Equal(1, commands.Calls("dump"));
        Assert.Equal(PieceReading.Attempts + Kinds.Length - 1, commands.Calls("watch"));
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, rdb);
            await using ServerProcess copy = await ServerProcess.StartAsync(new ServerOptions { RdbFile = file });
            await using CacheClient client = await copy.ConnectAsync();
            Assert.Equal(await client.TextAsync("HGET", "big:hash", "one"), await client.TextAsync("HGET", "big:hash", "other"));
            Assert.Equal(RespReply.OfNumber(5_002), await client.RequireAsync("HLEN", "big:hash"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Cut_anywhere_a_file_with_values_in_pieces_is_byte_for_byte_the_uncut_one()
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await RespTargetDataSet.SendAsync(source.Client, Enumerable.Range(0, 300).Select(i => (RespArgument[])["SET", $"key:{i}", i]));
        for (int i = 0; i < 10; i++)
        {
            await FillAsync(source.Client, string.Create(CultureInfo.InvariantCulture, $"big-{i}"), 20);
        }

        ScanOptions options = ScanOptions.Default with { Count = 40, Pieces = Everything with { Keys = [GlobPattern.Parse("big*")] } };
        ScanSource Frozen() => source.SourceWith(options, (DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), 1_000_000));
        await using SnapshotTransfer transfer = await Frozen().OpenAsync(default);
        byte[] uncut = await Drain.AllAsync(transfer.Content);
        var run = new SlicedRun(Frozen, new MemoryObjectStore(TimeProvider.System));
        Assert.Equal(uncut, await run.RunToEndAsync(new SliceLimit { Keys = 17 }));
        Assert.True(run.Slices > 5, "it was not cut: the test tests nothing");
        await source.VerifyContentAsync(uncut);
    }

    private static string[] Kinds => ["hash", "list", "set", "string", "zset"];

    /// <summary>One value of each type that has pieces; hash and list expire.</summary>
    private static Task FillAsync(CacheClient client, string prefix, int elements) => RespTargetDataSet.SendAsync(
        client,
        [
            .. Enumerable.Range(0, elements).SelectMany(i => (RespArgument[][])
            [
                ["HSET", $"{prefix}:hash", $"field-{i}", RespTargetDataSet.Noise(new Random(i), i % 70)],
                ["RPUSH", $"{prefix}:list", i % 3 == 0 ? $"element-{i}" : "again"],
                ["SADD", $"{prefix}:set", $"member-{i}"],
                ["ZADD", $"{prefix}:zset", ScoreOf(i), $"member-{i}"],
            ]),
            ["SET", $"{prefix}:string", RespTargetDataSet.Noise(new Random(elements), elements * 100)],
            ["PEXPIREAT", $"{prefix}:hash", Expiry],
            ["PEXPIREAT", $"{prefix}:list", Expiry],
        ]);

    private static string ScoreOf(int number) => number switch
    {
        0 => "-inf",
        1 => "+inf",
        2 => "-0",
        _ => (number / 7.0).ToString("R", CultureInfo.InvariantCulture),
    };

    private static async Task WriteAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        await using CacheClient client = await server.ConnectAsync(cancellationToken: CancellationToken.None);
        for (int i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            await client.RequireAsync("HSET", "big:hash", "one", i, "other", i);
        }
    }
}
