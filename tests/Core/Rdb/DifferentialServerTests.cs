using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>
/// Two readers of the same file: a real server that loads it, and this decoder, whose elements go into another server one by one. Both
/// servers then hold the same, by the server's own digest of its data and by ours.
/// </summary>
[Trait("Category", "Server")]
public sealed class DifferentialServerTests
{
    private static readonly string[] Spread =
    [
        "list-max-listpack-size 3", "list-compress-depth 1", "hash-max-listpack-entries 0", "zset-max-listpack-entries 0",
        "set-max-intset-entries 0", "stream-node-max-entries 2", "rdbcompression no",
    ];

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Every_sample_file_that_a_server_loads_is_to_it_what_it_is_to_the_decoder(CacheEngine engine)
    {
        await using var pair = await LoadingPair.StartAsync(engine);
        var loaded = new List<string>();
        foreach (var fixture in RdbFixtures.All.Where(f => f.IsGood))
        {
            byte[] file = RdbFixtures.Read(fixture);
            if (await pair.TryLoadAsync(file))
            {
                await RequireSameAsync(pair, file, fixture.File);
                loaded.Add(fixture.File);
            }
        }

        if (await pair.VersionAsync() == "7.0.15" && engine == CacheEngine.Redis)
        {
            var indexed = RdbFixtures.All.Where(f => f.Loads["redis-7.0.15"].StartsWith("loaded", StringComparison.Ordinal));
            Assert.Equal(indexed.Select(f => f.File).Order(), loaded.Order());
        }

        Assert.True(loaded.Count >= 35, $"{loaded.Count} files: {string.Join(' ', loaded)}");
    }

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Every_type_in_every_encoding_that_a_server_loads_is_to_it_what_it_is_to_the_decoder(CacheEngine engine)
    {
        await using var pair = await LoadingPair.StartAsync(engine);
        var newest = engine == CacheEngine.Redis ? RdbType.Stream2 : RdbType.Stream3;
        var values = ValueDamageTests.EveryValue().Where(v => v.Type <= newest && v.Type != RdbType.Module2).ToList();
        Assert.Equal(engine == CacheEngine.Redis ? 17 : 19, values.Select(v => v.Type).Distinct().Count());
        foreach (var value in values)
        {
            string header = engine == CacheEngine.Redis ? "REDIS0010" : "REDIS0011";
            byte[] file = new RdbBuilder(header).Select(0).Type(value.Type, "key").Raw(value.Bytes).End();
            Assert.True(await pair.TryLoadAsync(file), $"{value} is not loaded");
            await RequireSameAsync(pair, file, value.ToString());
        }
    }

    [Theory]
    [InlineData(CacheEngine.Redis, false)]
    [InlineData(CacheEngine.Redis, true)]
    [InlineData(CacheEngine.Valkey, false)]
    [InlineData(CacheEngine.Valkey, true)]
    public async Task What_a_server_saves_itself_is_to_it_what_it_is_to_the_decoder(CacheEngine engine, bool isSpread)
    {
        await using var server = await ServerProcess.StartAsync(engine);
        await using var client = await server.ConnectAsync();
        foreach (string[] setting in isSpread ? Spread.Select(s => s.Split(' ')) : [])
        {
            await client.RequireAsync("CONFIG", "SET", setting[0], setting[1]);
        }

        await SampleData.WriteAsync(client);
        await client.RequireAsync("SAVE");
        byte[] file = await File.ReadAllBytesAsync(Path.Combine(server.DirectoryPath, "dump.rdb"), TestContext.Current.CancellationToken);

        await using var pair = await LoadingPair.StartAsync(engine);
        Assert.True(await pair.TryLoadAsync(file));
        await RequireSameAsync(pair, file, "sample data");
    }

    [Fact]
    public async Task A_decoder_that_were_wrong_in_one_element_would_be_found()
    {
        await using var pair = await LoadingPair.StartAsync(CacheEngine.Redis);
        var values = ValueDamageTests.EveryValue().Where(v => v.Type <= RdbType.Stream2 && v.Type is not (RdbType.Module2 or RdbType.String));
        foreach (var value in values)
        {
            byte[] file = new RdbBuilder("REDIS0010").Select(0).Type(value.Type, "key").Raw(value.Bytes).End();
            Assert.True(await pair.TryLoadAsync(file));
            var commands = FileCommands.Of(file);
            var (ofElements, digest) = await pair.RunAsync(commands.Where((_, i) => i > 0));
            var (ofServer, serverDigest) = await pair.LoadedAsync();

            Assert.False(Same(ofServer, ofElements) && digest == serverDigest, $"{value}: an element fewer is not seen");
        }
    }

    private static async Task RequireSameAsync(LoadingPair pair, byte[] file, string name)
    {
        var (ofServer, serverDigest) = await pair.LoadedAsync();
        var commands = FileCommands.Of(file);
        var (ofElements, digest) = await pair.RunAsync(commands);
        Assert.True(Same(ofServer, ofElements), $"{name}: other keys, values or expiries");
        Assert.Equal(ofServer.Functions, ofElements.Functions);

        // A server that is told −0 keeps 0 where it packs the sorted set, and its digest tells the two apart.
        bool hasNegativeZero = commands.Any(c => c.Length == 4 && c[0].Bytes.SequenceEqual("ZADD"u8) && c[2].Bytes.SequenceEqual("-0"u8));
        Assert.True(serverDigest == digest || hasNegativeZero, $"{name}: another digest by the server's own count");
    }

    private static bool Same(RdbContent one, RdbContent other)
    {
        var both = new[] { one, other }.Select(content => content.Entries.Select(e => (e.Key, e.Value.Value, e.Value.Expiry))).ToList();
        return both[0].SequenceEqual(both[1]);
    }
}
