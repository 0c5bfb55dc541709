using System.Globalization;
using CacheBackup.Caches.Scan;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>Scans of real servers that are cut into slices, with calls that die and calls that live on.</summary>
[Trait("Category", "Server")]
public sealed class SlicedScanTests
{
    internal const int SliceBytes = 6 * 1024 * 1024;
    internal const int ValueBytes = 100_000;

    private readonly MemoryObjectStore _store = new(TimeProvider.System);

    public static TheoryData<CacheEngine> Engines => [CacheEngine.Redis, CacheEngine.Valkey];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Cut_into_twenty_slices_with_a_crash_and_a_zombie_in_each_the_file_is_byte_for_byte_the_uncut_one(CacheEngine engine)
    {
        await using ScannedServer source = await FilledAsync(engine, values: 20 * SliceBytes / ValueBytes);
        byte[] uncut = await UncutAsync(source);
        var run = new SlicedRun(() => Frozen(source), _store);
        SliceLimit limit = new() { Bytes = SliceBytes };
        int zombieParts = await run.RunAmongCrashesAndZombiesAsync(limit);
        Assert.Equal(uncut, await run.StoredAsync());
        Assert.InRange(run.Result!.Result.Origin.Scan!.Slices!.Value, 20, 30);
        Assert.True(zombieParts >= 10, "the zombies sent nothing: the test tests nothing");
        Assert.Equal(0, run.Result.Result.Origin.Scan.Repeated);
        Assert.Null(run.Result.Result.Content.Sha256);
    }

    [Theory]
    [InlineData(37)]
    [InlineData(300)]
    [InlineData(1_000)]
    public async Task Cut_after_any_number_of_keys_in_any_database_the_file_is_byte_for_byte_the_uncut_one(int keys)
    {
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await RespTargetDataSet.FillAsync(source.Server, seed: 3);
        await SettleAsync();
        byte[] uncut = await UncutAsync(source);
        var run = new SlicedRun(() => Frozen(source), _store);
        Assert.Equal(uncut, await run.RunToEndAsync(new SliceLimit { Keys = keys }));
        Assert.True(run.Slices >= 6_000 / Math.Max(keys, 16) / 2, "it was not cut: the test tests nothing");
        Assert.Equal(0, run.Result!.Result.Origin.Scan!.Repeated);
        await source.VerifyContentAsync(uncut);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task What_was_taken_of_a_shard_that_changed_is_taken_anew(bool isSpoiled, bool isWhole)
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "early", 120);
        var run = new SlicedRun(() => source.SourceWith(ScanOptions.Default), _store) { Subject = "primary 1 0-100" };
        SliceLimit limit = new() { Keys = 50 };
        for (int i = 0; i < 2 || (isWhole && run.Result is null); i++)
        {
            await run.TakeAsync(limit);
        }

        // A key that is given again would be found by its name in the remembered set, and its new value left out.
        await RespTargetDataSet.SendAsync(source.Client, Enumerable.Range(0, 120).Select(i => (RespArgument[])["SET", Name("early", i), "changed"]));
        ValueDigest changed = RdbContent.Of((await source.TakeAsync()).Rdb).Entries.Values.First().Value;
        if (isSpoiled)
        {
            await run.SpoilAsync();
        }
        else
        {
            run.Subject = "primary 2 0-99";
        }

        RdbContent content = RdbContent.Of(await run.RunToEndAsync(limit));
        Assert.Equal(120, content.Entries.Count);
        Assert.All(content.Entries.Values, entry => Assert.Equal(changed, entry.Value));
        Assert.Empty(await _store.ListUploadsAsync(string.Empty, default).ToListAsync());
    }

    [Fact]
    public async Task A_call_whose_time_is_up_from_its_beginning_takes_something_all_the_same()
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "key", 200);
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        var run = new SlicedRun(() => source.SourceWith(ScanOptions.Default), _store);
        Assert.Equal(200, RdbContent.Of(await run.RunToEndAsync(new SliceLimit { Ending = ended.Token })).Entries.Count);
        Assert.InRange(run.Slices, 13, 14);
    }

    [Fact]
    public async Task A_database_whose_keys_are_gone_when_its_slice_comes_leaves_a_good_file()
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "key", 40);
        await source.Client.RequireAsync("SELECT", 7);
        await SetAsync(source.Client, "gone", 40);
        var run = new SlicedRun(() => source.SourceWith(ScanOptions.Default), _store);
        Assert.False(await run.TakeAsync(new SliceLimit { Keys = 40 }));
        await RespTargetDataSet.SendAsync(source.Client, Enumerable.Range(0, 40).Select(i => (RespArgument[])["DEL", Name("gone", i)]));
        Assert.Equal(40, RdbContent.Of(await run.RunToEndAsync(new SliceLimit { Keys = 40 })).Entries.Count);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Under_writes_and_resizing_each_untouched_key_is_in_the_file_once_with_its_digest(CacheEngine engine)
    {
        const int Lasting = 6_000;
        await using ScannedServer source = await ScannedServer.StartAsync(engine);
        await SetAsync(source.Client, "lasting", Lasting);
        RdbContent quiet = RdbContent.Of((await source.TakeAsync()).Rdb);
        using var ending = new CancellationTokenSource();
        Task<int> meddling = MeddleAsync(source.Server, ending.Token);
        var run = new SlicedRun(() => source.SourceWith(ScanOptions.Default with { MaxKeysPerSecond = 3_000 }), _store);
        byte[] file = await run.RunToEndAsync(new SliceLimit { Keys = 400 });
        await ending.CancelAsync();
        Assert.True(await meddling > 1, "the tables did not grow and shrink: the test tests nothing");

        // A key that came twice would have thrown.
        RdbContent cut = RdbContent.Of(file);
        Assert.All(quiet.Entries, lasting => Assert.Equal(lasting.Value, cut.Entries[lasting.Key]));
        Assert.True(run.Slices >= 10);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_server_that_is_restarted_between_two_slices_costs_a_rescan_and_never_a_key(CacheEngine engine)
    {
        await using ScannedServer source = await ScannedServer.StartAsync(engine);
        await SetAsync(source.Client, "key", 3_000);
        await source.Client.RequireAsync("SELECT", 1);
        await SetAsync(source.Client, "key", 3_000);
        RdbContent quiet = RdbContent.Of((await source.TakeAsync()).Rdb);
        await source.Client.RequireAsync("SAVE");
        var run = new SlicedRun(() => source.SourceWith(ScanOptions.Default), _store);
        for (int i = 0; i < 4; i++)
        {
            Assert.False(await run.TakeAsync(new SliceLimit { Keys = 1_000 }));
        }

        await source.Server.KillAsync();
        await source.Server.StartAgainAsync();
        RdbContent cut = RdbContent.Of(await run.RunToEndAsync(new SliceLimit { Keys = 1_000 }));
        Assert.Equal(quiet.Entries, cut.Entries);
        Assert.Equal(1, run.Result!.Result.Origin.Scan!.Rescans);
    }

    [Theory]
    [InlineData("FLUSHALL", 1_000)]
    [InlineData("SWAPDB 0 1", 1_000)]
    [InlineData("SWAPDB 0 1", null)]
    public async Task An_upheaval_between_two_slices_fails_the_call_and_the_next_one_begins_anew(string upheaval, int? keysOfSlice)
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "key", 3_000);
        var run = new SlicedRun(() => source.SourceWith(ScanOptions.Default), _store);
        Assert.False(await run.TakeAsync(new SliceLimit { Keys = 1_000 }));
        await source.Client.RequireAsync([.. upheaval.Split(' ').Select(word => (RespArgument)word)]);
        await SetAsync(source.Client, "other", 3_000);
        var cut = await Assert.ThrowsAsync<TransferCutException>(() => run.TakeAsync(new SliceLimit { Keys = 1_000 }));
        Assert.Contains("ran FLUSHALL, FLUSHDB, SWAPDB or REPLICAOF during the scan", cut.Message, StringComparison.Ordinal);
        Assert.Contains("begins anew", cut.Message, StringComparison.Ordinal);

        byte[] file = await run.RunToEndAsync(new SliceLimit { Keys = keysOfSlice });
        Assert.Equal(RdbContent.Of((await source.TakeAsync()).Rdb).Entries, RdbContent.Of(file).Entries);

        // What was taken in one call leaves nothing of the calls before it either.
        if (keysOfSlice is null)
        {
            Assert.Empty(await _store.ListAsync("data/0123/slices/", null, default).ToListAsync());
        }

        Assert.Empty(await _store.ListUploadsAsync("data/", default).ToListAsync());
    }

    [Fact]
    public async Task A_first_replica_that_comes_between_two_slices_costs_nothing()
    {
        await using ServerProcess primary = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await primary.ConnectAsync();
        await SetAsync(client, "key", 3_000);
        var run = new SlicedRun(() => new ScanSource(primary.Address, KnownPassword.Instance, ScanOptions.Default, TimeProvider.System), _store);
        Assert.False(await run.TakeAsync(new SliceLimit { Keys = 1_000 }));
        string nameBefore = await NameOfHistoryAsync(client);
        await using ServerProcess replica = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = CacheEngine.Redis,
            Configuration = [$"replicaof 127.0.0.1 {primary.Port}"],
        });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (await NameOfHistoryAsync(client) == nameBefore)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }

        RdbContent taken = RdbContent.Of(await run.RunToEndAsync(new SliceLimit { Keys = 1_000 }));
        Assert.Equal(3_000, taken.Entries.Count);
        Assert.Null(run.Result!.Result.Origin.Scan!.Rescans);
    }

    [Theory]
    [InlineData(StoreOperation.BeginUpload, ".index")]
    [InlineData(StoreOperation.UploadPart, ".rdb")]
    public async Task Two_calls_that_make_the_object_side_by_side_both_come_to_the_same_end(StoreOperation meeting, string end)
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "key", 100);
        var run = new SlicedRun(() => source.SourceWith(ScanOptions.Default), _store);
        Assert.False(await run.TakeAsync(new SliceLimit { Keys = 50 }));
        bool isMaking = false;
        Task<SlicedResult?>? other = null;
        var observed = new ObservedObjectStore(_store, effect =>
        {
            isMaking |= effect.Key.Value.EndsWith(".index", StringComparison.Ordinal);
            if (isMaking && other is null && effect.Operation == meeting && effect.Key.Value.EndsWith(end, StringComparison.Ordinal))
            {
                other = run.AttemptAsync(SliceLimit.None, null);
                Assert.True(((IAsyncResult)other).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(20)));
            }
        });
        Assert.True(await run.TakeAsync(SliceLimit.None, observed));
        Assert.NotNull(other);
        SlicedResult same = Assert.IsType<SlicedResult>(await other);
        Assert.Equal(run.Result!.Keys, same.Keys);
        Assert.Equal(100, RdbContent.Of(await run.StoredAsync()).Entries.Count);
    }

    [Fact]
    public async Task What_lies_between_two_slices_and_is_damaged_is_found()
    {
        await using ScannedServer source = await ScannedServer.StartAsync(CacheEngine.Redis);
        await SetAsync(source.Client, "key", 3_000);
        var run = new SlicedRun(() => source.SourceWith(ScanOptions.Default), _store);
        Assert.False(await run.TakeAsync(new SliceLimit { Keys = 1_000 }));
        var slice = new ObjectKey("data/0123/slices/1.slice");
        byte[] bytes = (await _store.ReadAsync(slice)).Bytes;
        bytes[^100] ^= 1;
        await _store.PutAsync(slice, bytes, WriteCondition.None, default);
        await Assert.ThrowsAsync<Core.Restores.BackupDamagedException>(() => run.TakeAsync(SliceLimit.None));
    }

    internal static async Task<ScannedServer> FilledAsync(CacheEngine engine, int values)
    {
        ScannedServer source = await ScannedServer.StartAsync(engine);
        await RespTargetDataSet.FillAsync(source.Server, seed: 3);
        var random = new Random(7);
        foreach (int[] batch in Enumerable.Range(0, values).Chunk(50))
        {
            await RespTargetDataSet.SendAsync(
                source.Client, batch.Select(i => (RespArgument[])["SET", Name("large", i), RespTargetDataSet.Noise(random, ValueBytes)]));
        }

        await SettleAsync();
        return source;
    }

    /// <summary>Tables that were growing are grown.</summary>
    private static Task SettleAsync() => Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);

    internal static ScanSource Frozen(ScannedServer server) =>
        server.SourceWith(ScanOptions.Default, (DateTimeOffset.FromUnixTimeSeconds(1_750_000_000), 4_711));

    internal static async Task<byte[]> UncutAsync(ScannedServer server)
    {
        await using SnapshotTransfer transfer = await Frozen(server).OpenAsync(default);
        return await Drain.AllAsync(transfer.Content);
    }

    /// <summary>Adds and removes so many keys that the tables grow and shrink; returns how often.</summary>
    private static async Task<int> MeddleAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        await using CacheClient client = await server.ConnectAsync(cancellationToken: CancellationToken.None);
        int round = 0;
        for (; !cancellationToken.IsCancellationRequested; round++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"fleeting-{round}");
            await SetAsync(client, prefix, 50_000);
            await RespTargetDataSet.SendAsync(client, Enumerable.Range(0, 50_000).Select(i => (RespArgument[])["UNLINK", Name(prefix, i)]));
        }

        return round;
    }

    private static async Task<string> NameOfHistoryAsync(CacheClient client) =>
        (await client.TextAsync("INFO", "replication")).Split("\r\n").Single(line => line.StartsWith("master_replid:", StringComparison.Ordinal));

    internal static Task SetAsync(CacheClient client, string prefix, int count) =>
        RespTargetDataSet.SendAsync(client, Enumerable.Range(0, count).Select(i => (RespArgument[])["SET", Name(prefix, i), i]));

    private static string Name(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}:{number}");
}
