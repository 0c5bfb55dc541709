using System.Globalization;
using System.Text;
using CacheBackup.Caches.Memcached;
using CacheBackup.Caches.Tests.Scan;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Caches.Tests.Memcached;

/// <summary>Dumps of a real memcached that are cut into slices, with calls that die and calls that live on.</summary>
[Trait("Category", "Server")]
public sealed class MemcachedSliceTests
{
    private const int SliceBytes = 6 * 1024 * 1024;

    /// <summary>Over one connection, so that the stream has the list's order; small blocks of the list, so that keys lie across their borders.</summary>
    private static readonly MemcachedOptions InOrder = MemcachedOptions.Default with { Connections = 1, BatchBytes = 64 * 1024, ListBlockBytes = 4 * 1024 };

    /// <summary>The first slice leaves the list and no more.</summary>
    private static readonly MemcachedOptions ListedFirst = InOrder with { KeysAtHand = 0 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cut_into_twenty_slices_with_a_crash_and_a_zombie_in_each_the_stream_is_byte_for_byte_the_uncut_one(bool isListedFirst)
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync("-m 512");
        var random = new Random(7);
        byte[] noise = new byte[100_000];
        random.NextBytes(noise);
        MemcachedDataSet.Item[] items =
        [
            .. MemcachedDataSet.Of(seed: 1),
            .. Enumerable.Range(0, 20 * SliceBytes / noise.Length).Select(i => new MemcachedDataSet.Item(Name("large", i), [.. noise, (byte)i], (uint)i, 0)),
        ];
        await MemcachedDataSet.FillAsync(source, items);
        byte[] uncut = await UncutAsync(source);
        SlicedRun run = RunOf(source, isListedFirst ? ListedFirst : InOrder);
        int zombieParts = await run.RunAmongCrashesAndZombiesAsync(
            new SliceLimit { Bytes = SliceBytes }, isListedFirst ? (StoreOperation.CompleteUpload, ".keys") : null);

        Assert.Equal(uncut, await run.StoredAsync());
        ScanReport report = run.Result!.Result.Origin.Scan!;
        Assert.InRange(report.Slices!.Value, 20, 30);
        Assert.True(zombieParts >= 10, "the zombies sent nothing: the test tests nothing");
        Assert.Equal((items.Length, items.Length, items.Length), (report.KeysAtStart, report.Listed, report.KeysAtEnd));
        Assert.Equal((0, 0, 0, 0), (report.Vanished, report.Unreachable, report.Expired, report.Evicted));
        Assert.Null(run.Result.Result.Content.Sha256);
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(37, 2_000)]
    [InlineData(500, 2_000)]
    [InlineData(1_004, 2_000)]
    public async Task Cut_after_any_number_of_keys_the_stream_is_byte_for_byte_the_uncut_one(int keys, int items)
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        await MemcachedDataSet.FillAsync(source, MemcachedDataSet.Of(seed: keys, items));
        byte[] uncut = await UncutAsync(source);
        foreach (MemcachedOptions options in new[] { InOrder, ListedFirst })
        {
            SlicedRun run = RunOf(source, options);
            Assert.Equal(uncut, await run.RunToEndAsync(new SliceLimit { Keys = keys }));
            Assert.True(run.Slices >= items / keys, "it was not cut: the test tests nothing");
        }
    }

    [Fact]
    public async Task A_call_whose_time_is_up_from_its_beginning_takes_something_all_the_same()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        IReadOnlyList<MemcachedDataSet.Item> items = MemcachedDataSet.Of(seed: 4, 2_000);
        await MemcachedDataSet.FillAsync(source, items);
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        SlicedRun run = RunOf(source, ListedFirst with { BatchKeys = 100 });
        Assert.Equal(items.Count, ItemsOf(await run.RunToEndAsync(new SliceLimit { Ending = ended.Token })).Count);
        Assert.InRange(run.Slices, 1 + (items.Count / 100), items.Count / 50);
    }

    [Fact]
    public async Task Over_several_connections_each_item_is_in_the_stream_once()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        IReadOnlyList<MemcachedDataSet.Item> items = MemcachedDataSet.Of(seed: 5);
        await MemcachedDataSet.FillAsync(source, items);
        SlicedRun run = RunOf(source, MemcachedOptions.Default with { Connections = 4, BatchKeys = 16 });
        Dictionary<string, (uint Flags, byte[] Value)> taken = ItemsOf(await run.RunToEndAsync(new SliceLimit { Keys = 250 }));
        Assert.Equal(items.Count, taken.Count);
        Assert.All(items, item => Assert.Equal((item.Flags, Convert.ToHexString(item.Value)), (taken[Text(item.Key)].Flags, Convert.ToHexString(taken[Text(item.Key)].Value))));
        Assert.True(run.Slices >= 10, "it was not cut: the test tests nothing");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_loses_its_items_between_two_slices_fails_the_backup_for_good(bool isFlushed)
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        await MemcachedDataSet.FillAsync(source, MemcachedDataSet.Of(seed: 6, 1_000));
        SlicedRun run = RunOf(source, InOrder);
        Assert.False(await run.TakeAsync(new SliceLimit { Keys = 300 }));
        if (isFlushed)
        {
            using MemcachedClient client = await source.ConnectAsync();
            Assert.Equal("OK", await client.SendAsync("flush_all"));
        }
        else
        {
            // A process's life is known by the second it began in, and its number may be the same.
            await source.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
            await source.StartAgainAsync();
        }

        for (int i = 0; i < 2; i++)
        {
            var emptied = await Assert.ThrowsAsync<CacheEmptiedException>(() => run.TakeAsync(SliceLimit.None));
            Assert.Contains(isFlushed ? "ran flush_all" : "another process", emptied.Message, StringComparison.Ordinal);
            Assert.Contains("300 of 1,008 items", emptied.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Items_that_go_between_two_slices_are_accounted_for()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        using MemcachedClient client = await source.ConnectAsync();
        for (int i = 0; i < 300; i++)
        {
            await client.SetAsync(Name("lasting", i), Name("value", i));
            await client.SetAsync(Name("expiring", i), Name("value", i), expiry: 3);
            await client.SetAsync(Name("removed", i), Name("value", i));
        }

        SlicedRun run = RunOf(source, InOrder with { KeysAtHand = 0 });
        Assert.False(await run.TakeAsync(SliceLimit.None));
        Assert.False(await run.TakeAsync(new SliceLimit { Keys = 100 }));
        for (int i = 0; i < 300; i++)
        {
            await client.SendAsync($"md removed:{i}");
            await client.SetAsync(Name("late", i), Name("value", i));
        }

        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        Dictionary<string, (uint Flags, byte[] Value)> taken = ItemsOf(await run.RunToEndAsync(new SliceLimit { Keys = 200 }));
        Assert.All(Enumerable.Range(0, 300), i => Assert.Equal(Name("value", i), taken[$"lasting:{i}"].Value));
        Assert.DoesNotContain(taken.Keys, key => key.StartsWith("late", StringComparison.Ordinal));
        ScanReport report = run.Result!.Result.Origin.Scan!;
        Assert.Equal((900, 900), (report.KeysAtStart, report.Listed));
        Assert.Equal(900 - taken.Count, report.Vanished);
        Assert.InRange(report.Vanished, 450, 600);

        // The node counts an item as expired, and no more as there, when it is asked for; those that were taken before are not asked for again.
        Assert.InRange(report.Expired, 200, 300);
        Assert.Equal(900 - report.Expired, report.KeysAtEnd);
    }

    [Fact]
    public async Task Items_that_are_evicted_between_two_slices_are_accounted_for()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync("-m 8");
        using MemcachedClient client = await source.ConnectAsync();
        byte[] value = new byte[1_000];
        for (int i = 0; i < 2_000; i++)
        {
            await client.SetAsync(Name("early", i), value);
        }

        SlicedRun run = RunOf(source, ListedFirst);
        Assert.False(await run.TakeAsync(SliceLimit.None));
        Assert.False(await run.TakeAsync(new SliceLimit { Keys = 100 }));
        for (int i = 0; i < 10_000; i++)
        {
            await client.SetAsync(Name("late", i), value);
        }

        Dictionary<string, (uint Flags, byte[] Value)> taken = ItemsOf(await run.RunToEndAsync(SliceLimit.None));
        ScanReport report = run.Result!.Result.Origin.Scan!;
        Assert.True(report.Evicted > 1_000, $"{report.Evicted} were evicted: the test tests nothing");
        Assert.Equal((2_000, 2_000 - taken.Count), (report.Listed, report.Vanished));
        Assert.All(taken.Keys, key => Assert.StartsWith("early", key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("cut")]
    [InlineData("gone")]
    public async Task A_list_that_is_damaged_between_two_slices_is_found(string damage)
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        await MemcachedDataSet.FillAsync(source, MemcachedDataSet.Of(seed: 8, 1_000));
        var store = new MemoryObjectStore(TimeProvider.System);
        SlicedRun run = RunOf(source, ListedFirst, store);
        Assert.False(await run.TakeAsync(SliceLimit.None));
        var list = new ObjectKey("data/0123/slices/1.keys");
        byte[] bytes = (await store.ReadAsync(list)).Bytes;
        bytes[^3] ^= 1;
        await store.DeleteAsync(list, default);
        if (damage != "gone")
        {
            await store.PutAsync(list, damage == "cut" ? bytes[..^1] : bytes, WriteCondition.None, default);
        }

        var damaged = await Assert.ThrowsAsync<Core.Restores.BackupDamagedException>(() => run.RunToEndAsync(SliceLimit.None));
        Assert.Contains("1.keys", damaged.Message, StringComparison.Ordinal);
    }

    private static SlicedRun RunOf(MemcachedProcess source, MemcachedOptions options, IObjectStore? store = null) => new(
        () => new MemcachedSource(source.Address, KnownPassword.Instance, options, TimeProvider.System),
        store ?? new MemoryObjectStore(TimeProvider.System),
        CacheEngine.Memcached);

    private static async Task<byte[]> UncutAsync(MemcachedProcess source)
    {
        MemcachedSource whole = new(source.Address, KnownPassword.Instance, InOrder, TimeProvider.System);
        await using SnapshotTransfer transfer = await whole.OpenAsync(default);
        return await Drain.AllAsync(transfer.Content);
    }

    /// <summary>Fails if a key stands twice.</summary>
    private static Dictionary<string, (uint Flags, byte[] Value)> ItemsOf(byte[] stream)
    {
        var items = new Dictionary<string, (uint Flags, byte[] Value)>();
        ReadOnlySpan<byte> rest = stream.AsSpan(ItemStreamWriter.Edge.Length);
        byte[] decoded = new byte[ItemKey.MaxBytes];
        while (!rest.SequenceEqual(ItemStreamWriter.Edge))
        {
            int line = rest.IndexOf("\r\n"u8);
            Assert.True(ItemHead.TryRead(rest[..line], out ItemHead head, out int nameLength, out bool isEncoded));
            ReadOnlySpan<byte> key = rest.Slice(3, nameLength);
            if (isEncoded)
            {
                Assert.True(ItemKey.TryDecode(key, decoded, out int length));
                key = decoded.AsSpan(0, length);
            }

            items.Add(Text(key.ToArray()), (head.Flags, rest.Slice(line + 2, head.LengthBytes).ToArray()));
            rest = rest[(line + 2 + head.LengthBytes + 2)..];
        }

        return items;
    }

    private static string Text(byte[] key) => Encoding.Latin1.GetString(key);

    private static byte[] Name(string prefix, int number) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{prefix}:{number}"));
}
