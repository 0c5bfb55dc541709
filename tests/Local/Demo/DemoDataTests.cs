using CacheBackup.Caches;
using CacheBackup.Core.Inspections;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Local.Commands;
using CacheBackup.Local.Credentials;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Demo;

[Trait("Category", "Server")]
public sealed class DemoDataTests
{
    private static readonly DemoDataOptions Options = new()
    {
        Keys = 4_000,
        LargestValueBytes = 3 * 1024 * 1024,

        // As if made a minute ago, so that what expires soon has expired and the rest lasts for the test.
        Now = TimeProvider.System.GetUtcNow().AddMinutes(-1.5),
    };

    [Fact]
    public async Task Same_options_make_the_same_data()
    {
        await using ServerProcess one = await FilledAsync(Options);
        await using ServerProcess other = await FilledAsync(Options);

        CacheComparisonReport report = await CompareAsync(one, other);

        Assert.True(report.IsEqual, report.ToString());
        Assert.InRange(report.Equal, Options.Keys * 0.95, Options.Keys);
        Assert.Equal(3, report.Functions);
    }

    [Fact]
    public async Task Another_seed_makes_other_data()
    {
        await using ServerProcess one = await FilledAsync(Options with { Keys = 1_000 });
        await using ServerProcess other = await FilledAsync(Options with { Keys = 1_000, Seed = 1 });

        CacheComparisonReport report = await CompareAsync(one, other);

        Assert.False(report.IsEqual);
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Data_are_of_every_type_in_every_encoding_that_the_server_has(CacheEngine engine)
    {
        await using ServerProcess server = await FilledAsync(Options, engine);
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("SAVE");

        ToolConsole silent = new() { Output = TextWriter.Null, Error = TextWriter.Null };
        Inspection inspection = await FileInspection.RunAsync(Path.Combine(server.DirectoryPath, "dump.rdb"), new FileInspectionOptions(InspectionOptions.Default, 20), silent, CancellationToken.None);

        RdbType[] types =
        [
            RdbType.String, RdbType.Set, RdbType.Hash, RdbType.SortedSet2, RdbType.SetIntset, RdbType.HashListpack, RdbType.SortedSetListpack,
            RdbType.ListQuicklist2,
        ];
        IEnumerable<RdbType> expected = types.Concat(engine == CacheEngine.Redis
            ? Seven(await client.TextAsync("INFO", "server")) ? [RdbType.Stream2] : [RdbType.Stream3, RdbType.SetListpack]
            : [RdbType.Stream3, RdbType.SetListpack]);
        Assert.Equal(expected.Select(ValueKind.EncodingOf).Order(), inspection.Encodings.Select(group => group.Name).Order());
        Assert.Equal(["0", "1", "5", "15"], inspection.Databases.Select(group => group.Name));
        Assert.All(inspection.Databases, group => Assert.True(group.KeysWithExpiry > 0 && group.Keys > group.KeysWithExpiry));
        Assert.Equal(["counters", "greeting", "orders"], inspection.Functions.Select(function => function.Name!).Order());
        Assert.Equal("special:incompressible", inspection.Biggest[0].Key);
        Assert.InRange(inspection.Biggest[0].Bytes, Options.LargestValueBytes, Options.LargestValueBytes + 100);
    }

    [Fact]
    public async Task Streams_have_groups_with_pending_entries_of_several_consumers()
    {
        await using ServerProcess server = await FilledAsync(Options);
        await using CacheClient client = await server.ConnectAsync();

        RespReply pending = await client.RequireAsync("XPENDING", "special:stream-of-3000", "billing");

        pending.TryGetItems(out ReadOnlyMemory<RespReply> parts);
        parts.Span[0].TryGetNumber(out long count);
        parts.Span[3].TryGetItems(out ReadOnlyMemory<RespReply> consumers);
        Assert.Equal(1_125, count);
        Assert.Equal(2, consumers.Length);
    }

    private static bool Seven(string info) => info.Contains("redis_version:7.0", StringComparison.Ordinal);

    private static async Task<ServerProcess> FilledAsync(DemoDataOptions options, CacheEngine engine = CacheEngine.Redis)
    {
        ServerProcess server = await ServerProcess.StartAsync(engine);
        await using RespConnection connection = await RespConnection.ConnectAsync(
            server.Address, new LocalCredentials(), RespConnectionOptions.Default, TimeProvider.System, CancellationToken.None);
        await new DemoData(options).FillAsync(connection, null, CancellationToken.None);
        return server;
    }

    private static Task<CacheComparisonReport> CompareAsync(ServerProcess one, ServerProcess other) =>
        new CacheComparison(one.Address, other.Address, new LocalCredentials(), TimeProvider.System).RunAsync(null, CancellationToken.None);
}
