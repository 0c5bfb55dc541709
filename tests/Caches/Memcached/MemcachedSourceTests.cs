using System.Text;
using CacheBackup.Caches.Memcached;
using CacheBackup.Caches.Tests.Scan;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Caches.Tests.Memcached;

/// <summary>The dump against a scripted Memcached that does what real ones do seldom.</summary>
public sealed class MemcachedSourceTests
{
    private const string Whole = "mn\r\nms one 1 q F7 T0\r\n1\r\nms two 2 q F7 T0\r\n22\r\nms three 3 q F7 T0\r\n333\r\nmn\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public async Task Answers_in_crumbs_give_the_same_stream(int crumb)
    {
        await using ScriptedMemcached server = new() { CrumbBytes = crumb };
        Assert.Equal(Whole, Encoding.ASCII.GetString(await (await TakeAsync(server)).BytesAsync()));
    }

    [Fact]
    public async Task A_busy_crawler_is_waited_for()
    {
        await using ScriptedMemcached server = new() { Busy = 3 };
        Assert.Equal(3, (await TakeAsync(server)).Snapshot.Content.Summary.Keys);
        Assert.Equal(4, server.Listings);
    }

    [Fact]
    public async Task A_crawler_that_stays_busy_is_not_waited_for_for_ever()
    {
        await using ScriptedMemcached server = new() { Busy = int.MaxValue };
        MemcachedOptions hasty = MemcachedOptions.Default with { BusyPatience = TimeSpan.FromMilliseconds(200) };
        Assert.Contains(
            "at work for others", (await Assert.ThrowsAsync<CacheLoadingException>(() => DumpedItems.TakeAsync(server.Address, hasty))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_that_are_gone_by_now_are_counted()
    {
        await using ScriptedMemcached server = new() { List = "key=one exp=-1 size=60\nkey=gone exp=-1 size=60\nkey=two exp=5 size=60\nEND\r\n" };
        DumpedItems dump = await TakeAsync(server);
        Assert.Equal("mn\r\nms one 1 q F7 T0\r\n1\r\nms two 2 q F7 T0\r\n22\r\nmn\r\n", Encoding.ASCII.GetString(await dump.BytesAsync()));
        Assert.Equal((3L, 3L, 1L), (dump.Snapshot.Origin.Scan!.KeysAtStart, dump.Snapshot.Origin.Scan.Listed, dump.Snapshot.Origin.Scan.Vanished));
    }

    [Fact]
    public async Task A_list_that_is_cut_at_any_byte_is_no_backup()
    {
        await using ScriptedMemcached whole = new();
        int length = whole.WholeList.Length;
        for (int bytes = 1; bytes < length; bytes += 3)
        {
            await using ScriptedMemcached server = new() { ListBytes = bytes };
            Exception cut = await Assert.ThrowsAnyAsync<Exception>(() => TakeAsync(server));
            Assert.True(cut is TransferCutException or CacheUnreachableException, $"{cut} at {bytes}");
        }
    }

    [Fact]
    public async Task Items_that_are_cut_at_any_byte_are_no_backup()
    {
        string all = "VA 1 f7 t-1\r\n1\r\nVA 2 f7 t-1\r\n22\r\nVA 3 f7 t-1\r\n333\r\n";
        for (int bytes = 1; bytes < all.Length; bytes++)
        {
            await using ScriptedMemcached server = new() { ItemBytes = bytes };
            await Assert.ThrowsAsync<TransferCutException>(() => TakeAsync(server));
        }
    }

    [Theory]
    [InlineData("ERROR\r\n", null, typeof(ScanRefusedException))]
    [InlineData("CLIENT_ERROR lru crawler disabled\r\n", null, typeof(ScanRefusedException))]
    [InlineData("key=one exp=-1\nkey=%zz exp=-1\nEND\r\n", null, typeof(CacheProtocolException))]
    [InlineData(null, "HD\r\n", typeof(CacheProtocolException))]
    [InlineData(null, "VA 3 f1 t-1\r\nabcdefgh\r\n", typeof(CacheProtocolException))]
    [InlineData(null, "VA 99999999999 f1 t-1\r\n", typeof(CacheProtocolException))]
    [InlineData(null, "SERVER_ERROR out of memory writing get response\r\n", typeof(CacheProtocolException))]
    public async Task Answers_that_are_none_are_refused(string? list, string? get, Type expected)
    {
        await using ScriptedMemcached server = new() { List = list, Get = get };
        Assert.IsType(expected, await Assert.ThrowsAnyAsync<Exception>(() => TakeAsync(server)));
    }

    [Fact]
    public async Task Another_process_or_a_flush_meanwhile_is_no_backup()
    {
        await using ScriptedMemcached restarted = new() { RestartsAt = 3 };
        Assert.Contains("another process", (await Assert.ThrowsAsync<TransferCutException>(() => TakeAsync(restarted))).Message, StringComparison.Ordinal);
        await using ScriptedMemcached flushed = new() { FlushesAt = 3 };
        Assert.Contains("flush_all", (await Assert.ThrowsAsync<TransferCutException>(() => TakeAsync(flushed))).Message, StringComparison.Ordinal);
        await using ScriptedMemcached several = new() { RestartsAt = 2 };
        Assert.Contains("several", (await Assert.ThrowsAsync<InvalidRequestException>(() => TakeAsync(several))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_without_room_on_the_disk_is_refused()
    {
        await using ScriptedMemcached server = new();
        MemcachedOptions nowhere = MemcachedOptions.Default with { KeyListDirectory = "/dev/null" };
        Assert.Contains(
            "temporary files", (await Assert.ThrowsAsync<ScanRefusedException>(() => DumpedItems.TakeAsync(server.Address, nowhere))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transfer_that_is_given_up_ends_its_connections()
    {
        await using ScriptedMemcached server = new() { CrumbBytes = 1, Items = Enumerable.Range(0, 2_000).ToDictionary(i => $"key{i}", i => new string('v', 500)) };
        MemcachedSource source = new(server.Address, Fixtures.Caches.KnownPassword.Instance, MemcachedOptions.Default, TimeProvider.System);
        SnapshotTransfer transfer = await source.OpenAsync(default);
        await transfer.Content.ReadAsync();
        await transfer.DisposeAsync();
        await transfer.DisposeAsync();
    }

    [Theory]
    [InlineData(".keys", false, 2)]
    [InlineData(".json", false, 1)]
    [InlineData(".json", true, 1)]
    public async Task A_call_that_dies_between_the_list_and_the_first_item_costs_a_list_at_most(string diesAt, bool isAtFirstItem, int listings)
    {
        await using ScriptedMemcached server = new();
        var store = new MemoryObjectStore(TimeProvider.System);
        MemcachedOptions options = MemcachedOptions.Default with { Connections = 1, KeysAtHand = 0 };
        SlicedRun run = new(
            () => new MemcachedSource(server.Address, Fixtures.Caches.KnownPassword.Instance, options, TimeProvider.System), store, CacheEngine.Memcached);
        if (isAtFirstItem)
        {
            Assert.False(await run.TakeAsync(SliceLimit.None));
            diesAt = ".slice";
        }

        var dying = new ObservedObjectStore(store, effect =>
        {
            if (effect.Key.Value.EndsWith(diesAt, StringComparison.Ordinal) && effect.Operation is StoreOperation.CompleteUpload or StoreOperation.Put)
            {
                throw new InvalidOperationException("Planned: the process dies.");
            }
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => run.AttemptAsync(new SliceLimit { Keys = 1 }, dying));
        Assert.Equal(Whole, Encoding.ASCII.GetString(await run.RunToEndAsync(new SliceLimit { Keys = 2 })));
        Assert.Equal(listings, server.Listings);
    }

    /// <summary>Over one connection, so that the stream has the list's order.</summary>
    private static Task<DumpedItems> TakeAsync(ScriptedMemcached server) =>
        DumpedItems.TakeAsync(server.Address, MemcachedOptions.Default with { Connections = 1 });
}
