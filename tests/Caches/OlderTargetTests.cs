using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Caches.Tests;

/// <summary>What newer servers wrote, in older ones.</summary>
[Trait("Category", "Server")]
public sealed class OlderTargetTests
{
    public static TheoryData<CacheEngine> Engines => [CacheEngine.Redis, CacheEngine.Valkey];

    [Fact]
    public async Task Types_that_the_target_lacks_are_written_in_an_older_one_with_idle_times_kept()
    {
        // Valkey 8 keeps small sets as listpacks (20) and streams with active times (21), which Redis 7.0 does not read.
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Valkey,
            async server =>
            {
                await RespTargetDataSet.FillAsync(server, seed: 11);
                await using CacheClient client = await server.ConnectAsync();
                await client.RequireAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
                RespReply dump = await client.RequireAsync("DUMP", "set:3");
                Assert.True(dump.TryGetBytes(out ReadOnlyMemory<byte> payload));
                await client.RequireAsync("RESTORE", "cold", 0, payload, "IDLETIME", 5_000);
            },
            new ServerOptions { Engine = CacheEngine.Redis, Configuration = ["maxmemory-policy allkeys-lru"] });
        IReadOnlyDictionary<RdbType, long> types = cache.Snapshot.Content.Summary.Types;
        Assert.True(types[RdbType.SetListpack] > 3 && types[RdbType.Stream3] > 3);

        RestoreReport restored = await cache.RestoreAsync();

        // Before the comparison, which on servers of this age makes every key hot.
        await using CacheClient target = await cache.Target.ConnectAsync();
        Assert.True((await target.RequireAsync("OBJECT", "IDLETIME", "cold")).TryGetNumber(out long idle));
        Assert.InRange(idle, 5_000, 5_100);
        (await cache.CompareAsync()).ThrowIfDifferent();
        Assert.Equal((cache.Snapshot.Content.Summary.Keys, 0L), (restored.Restored, restored.Refused));
    }

    [Fact]
    public async Task A_large_value_of_a_type_that_the_target_lacks_is_put_together_by_commands()
    {
        await using RestoredCache cache = await RestoredCache.CreateAsync(
            CacheEngine.Valkey,
            async server =>
            {
                await using CacheClient client = await server.ConnectAsync();
                await client.RequireAsync("CONFIG", "SET", "set-max-listpack-entries", 1_000, "set-max-listpack-value", 10_000);
                var random = new Random(23);
                await RespTargetDataSet.SendAsync(
                    client, Enumerable.Range(0, 400).Select(_ => (RespArgument[])["SADD", "set", RespTargetDataSet.Noise(random, 4_000)]));

                // Less than a megabyte as it is stored, and more as a plain set.
                await RespTargetDataSet.SendAsync(
                    client, Enumerable.Range(0, 400).Select(i => (RespArgument[])["SADD", "compressible", $"member {i} {new string('x', 4_000)}"]));
                await client.RequireAsync("PEXPIREAT", "set", RespTargetDataSet.FarExpiry);
            },
            new ServerOptions { Engine = CacheEngine.Redis });
        Assert.Equal(2, cache.Snapshot.Content.Summary.Types[RdbType.SetListpack]);

        await cache.RestoreAsync();

        (await cache.CompareAsync()).ThrowIfDifferent();
        await using CacheClient target = await cache.Target.ConnectAsync();
        Assert.DoesNotContain("cmdstat_restore", await target.TextAsync("INFO", "commandstats"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Files_of_newer_servers_come_back_but_for_what_the_target_cannot_hold_which_is_counted(CacheEngine engine)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(engine);
        foreach ((string file, bool hasRefused) in ((string, bool)[])[
            ("redis806-small", true), ("valkey912-small", true), ("valkey-9.1.2-encodings-rdb12", false), ("librdb-hash_with_expire_v12", true)])
        {
            await using (CacheClient client = await server.ConnectAsync())
            {
                await client.RequireAsync("FLUSHALL");
                await client.RequireAsync("FUNCTION", "FLUSH");
            }

            long refused = await RestoreAsync(server, await File.ReadAllBytesAsync(SharedFixtures.Path($"rdb/{file}.rdb")));
            Assert.Equal((file, hasRefused), (file, refused > 0));
        }
    }

    /// <summary>Restores all that the target can hold, compares it, and returns how many keys it could not.</summary>
    private static async Task<long> RestoreAsync(ServerProcess server, byte[] file)
    {
        var store = new MemoryObjectStore(TimeProvider.System);
        var keys = new SnapshotKeys(new ObjectKey("data/0123/shard-0.rdb"), new ObjectKey("data/0123/shard-0.index"));
        IndexedContent content = (await new SnapshotRun(store, TimeProvider.System, SnapshotOptions.Default, new Random(1))
            .RunAsync(PipedSnapshotSource.Of(file), keys, null, default)).Content;
        await using RespTarget target = await RespTarget.ConnectAsync(
            server.Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
        CacheProbe probe = await target.DescribeAsync(default);
        RestoreSubject subject = RestoreSubject.Of(content.Summary.Version.Family, null, [content.Summary]);
        var range = RestoreRange.Whole(keys.Data, content.Index) with { LeaveOutRefused = true };
        RestoreReport restored = await new RestoreRun(store, TimeProvider.System).RunAsync(range, target, null, default);
        CompareReport compared = await new CompareRun(store, TimeProvider.System).RunAsync(range, target, null, default);
        compared = await CompareTotals.RunAsync(target, content.Summary.Databases, compared, default);

        compared.ThrowIfDifferent();
        Assert.Equal(content.Summary.Keys, restored.Restored + restored.ExpiredBefore + restored.Refused);
        Assert.Equal(content.Summary.Keys, compared.Equal + compared.ExpiredSince + compared.Refused);
        Assert.Equal(restored.Refused, compared.Refused);
        // Hashes whose fields expire, and values of modules, which Redis 8 brings along.
        KeyValuePair<RdbType, long>[] lacking =
            [.. content.Summary.Types.Where(type => type.Value > 0 && type.Key is >= RdbType.HashWithFieldExpiry or RdbType.Module2)];
        Assert.Equal(lacking.Sum(type => type.Value), restored.Refused);
        if (restored.Refused > 0)
        {
            string refusal = Assert.Throws<BackupNotRestorableException>(() => RestoreCheck.RequireRestorable(subject, probe, EngineChange.Any)).Message;
            Assert.All(lacking, type => Assert.Contains($"{type.Value:N0} key(s) of type {type.Key} ", refusal, StringComparison.Ordinal));
            await RefuseAsync(store, range with { LeaveOutRefused = false }, target);
        }

        RestoreCheck.RequireRestorable(subject, probe, EngineChange.Any, leaveOutRefused: true);
        return restored.Refused;
    }

    /// <summary>What the check would have refused is refused at its place too.</summary>
    private static async Task RefuseAsync(MemoryObjectStore store, RestoreRange range, RespTarget target)
    {
        string refusal = (await Assert.ThrowsAsync<BackupNotRestorableException>(
            () => new RestoreRun(store, TimeProvider.System).RunAsync(range, target, null, default))).Message;
        Assert.Contains("The entry at byte ", refusal, StringComparison.Ordinal);
    }
}
