using System.Text;
using CacheBackup.Caches.Memcached;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Memcached;

/// <summary>Dump, restore and comparison on a real memcached.</summary>
[Trait("Category", "Server")]
public sealed class MemcachedServerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 512)]
    [InlineData(4, 64)]
    public async Task Every_item_comes_back_with_flags_and_expiry(int connections, int batch)
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        await using MemcachedProcess target = await MemcachedProcess.StartAsync();
        IReadOnlyList<MemcachedDataSet.Item> items = MemcachedDataSet.Of(seed: connections);
        await MemcachedDataSet.FillAsync(source, items);

        DumpedItems dump = await DumpedItems.TakeAsync(
            source.Address, MemcachedOptions.Default with { Connections = connections, BatchKeys = batch, BatchBytes = 64 * 1024 });
        Assert.Equal("MEMCACHED1", dump.Snapshot.Content.Index.RdbVersion.ToString());
        Assert.Equal(items.Count, dump.Snapshot.Content.Summary.Keys);
        Assert.Equal(items.Count(item => item.Expiry > 0), dump.Snapshot.Content.Summary.KeysWithExpiry);
        Assert.Equal(items.Max(item => item.Key.Length + item.Value.Length), dump.Snapshot.Content.Summary.LargestItemBytes);
        Assert.True(dump.Snapshot.Content.Index.Segments.Count > 10, "several segments");

        RestoreReport restored = await dump.RestoreAsync(target);
        Assert.Equal((items.Count, 0), (restored.Restored, restored.ExpiredBefore));
        CompareReport compared = await dump.CompareAsync(target);
        compared.ThrowIfDifferent();
        Assert.Equal((items.Count, items.Count), (compared.Compared, compared.Equal));
        await MemcachedDataSet.AssertHoldsAsync(target, items);

        // Once more is as once: a retried range is harmless.
        await dump.RestoreAsync(target);
        (await dump.CompareAsync(target)).ThrowIfDifferent();
    }

    [Fact]
    public async Task Counts_are_reconciled_and_the_origin_says_what_the_items_stand_for()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        IReadOnlyList<MemcachedDataSet.Item> items = MemcachedDataSet.Of(seed: 9, count: 100);
        await MemcachedDataSet.FillAsync(source, items);
        SnapshotOrigin origin = (await DumpedItems.TakeAsync(source.Address)).Snapshot.Origin;
        Assert.Equal((CacheEngine.Memcached, SnapshotConsistency.PerItem), (origin.Engine, origin.Consistency));
        Assert.Contains("metadump hash", origin.Method, StringComparison.Ordinal);
        Assert.InRange(origin.ClockOffset, TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(2));
        Assert.InRange(origin.UsedMemoryBytes!.Value, 1_000_000, 100_000_000);
        ScanReport report = origin.Scan!;
        Assert.Equal((items.Count, items.Count, items.Count), (report.KeysAtStart, report.Listed, report.KeysAtEnd));
        Assert.Equal((0L, 0L, 0L, 0L), (report.Vanished, report.Unreachable, report.Expired, report.Evicted));
    }

    [Fact]
    public async Task Items_that_had_expired_are_not_listed_and_keys_that_no_command_can_name_are_counted()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        using MemcachedClient client = await source.ConnectAsync();
        await client.SetAsync("stays"u8.ToArray(), "1"u8.ToArray());
        await client.SetAsync("expires"u8.ToArray(), "1"u8.ToArray(), expiry: 1);

        // The binary protocol takes what the text protocol cannot name: 250 bytes with a space among them.
        byte[] key = Encoding.ASCII.GetBytes(new string('x', 249) + " ");
        using (var binary = new System.Net.Sockets.TcpClient("127.0.0.1", source.Port))
        {
            byte[] set = [0x80, 0x01, 0, 250, 8, 0, 0, 0, 0, 0, 1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. key, (byte)'v'];
            await binary.GetStream().WriteAsync(set);
            byte[] answer = new byte[24];
            await binary.GetStream().ReadExactlyAsync(answer);
            Assert.Equal((0x81, 0, 0), (answer[0], answer[6], answer[7]));
        }

        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        DumpedItems dump = await DumpedItems.TakeAsync(source.Address);
        Assert.Equal(1, dump.Snapshot.Content.Summary.Keys);
        Assert.Equal((2, 1), (dump.Snapshot.Origin.Scan!.Listed, dump.Snapshot.Origin.Scan.Unreachable));
    }

    [Fact]
    public async Task A_dump_is_no_use_of_an_item()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        using MemcachedClient client = await source.ConnectAsync();
        await client.SetAsync("cold"u8.ToArray(), "1"u8.ToArray());
        string before = await client.SendAsync("me cold");
        await DumpedItems.TakeAsync(source.Address);
        string after = await client.SendAsync("me cold");
        Assert.Contains("fetch=no", after, StringComparison.Ordinal);
        Assert.Equal(before.Split(' ').Where(word => !word.StartsWith("la=", StringComparison.Ordinal)), after.Split(' ').Where(word => !word.StartsWith("la=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Under_readers_and_writers_everything_that_lives_throughout_is_there_once()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync("-m 512");
        await using MemcachedProcess target = await MemcachedProcess.StartAsync("-m 512");
        const int Lasting = 60_000;
        using (MemcachedClient filler = await source.ConnectAsync())
        {
            // In one go, and unlike the tested records: no flags word, text keys.
            var commands = new StringBuilder();
            for (int i = 0; i < Lasting; i++)
            {
                commands.Append(System.Globalization.CultureInfo.InvariantCulture, $"set last:{i} {i % 9} 0 {i % 50} noreply\r\n{new string('x', i % 50)}\r\n");
            }

            await filler.WriteAsync(Encoding.ASCII.GetBytes(commands.ToString()));
            Assert.Equal("MN", await filler.SendAsync("mn"));
        }

        using var stop = new CancellationTokenSource();
        Task[] others = [.. Enumerable.Range(0, 3).Select(i => Task.Run(() => ChurnAsync(source, i, stop.Token)))];
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        DumpedItems dump = await DumpedItems.TakeAsync(source.Address);
        await stop.CancelAsync();
        await Task.WhenAll(others);

        await dump.RestoreAsync(target);

        // As many items as records: none stands twice.
        CompareReport compared = await dump.CompareAsync(target);
        compared.ThrowIfDifferent();
        Assert.Equal(dump.Snapshot.Content.Summary.Keys, compared.Equal + compared.ExpiredSince);
        ScanReport scan = dump.Snapshot.Origin.Scan!;
        Assert.Equal(scan.Listed, dump.Snapshot.Content.Summary.Keys + scan.Vanished + scan.Unreachable);
        using MemcachedClient client = await target.ConnectAsync();
        for (int i = 0; i < Lasting; i++)
        {
            (byte[] Value, uint Flags, long SecondsLeft)? found = await client.GetAsync(Encoding.ASCII.GetBytes($"last:{i}"));
            Assert.True(found is { } item && item.Value.Length == i % 50 && item.Flags == i % 9, $"item {i} is missing or changed");
        }
    }

    private static async Task ChurnAsync(MemcachedProcess server, int number, CancellationToken cancellationToken)
    {
        using MemcachedClient client = await server.ConnectAsync();
        var random = new Random(number);
        while (!cancellationToken.IsCancellationRequested)
        {
            string answer = number switch
            {
                0 => await client.SendAsync($"mg last:{random.Next(60_000)} t"),
                1 => await client.SendAsync($"ms churn:{random.Next(20_000)} 1 T{random.Next(1, 3)}\r\nx"),
                _ => await client.SendAsync($"md churn:{random.Next(20_000)}"),
            };
            Assert.DoesNotContain("ERROR", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stream_that_is_sent_to_a_server_as_it_is_fills_it()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        await using MemcachedProcess target = await MemcachedProcess.StartAsync();
        IReadOnlyList<MemcachedDataSet.Item> items = MemcachedDataSet.Of(seed: 5);
        await MemcachedDataSet.FillAsync(source, items);
        byte[] stream = await (await DumpedItems.TakeAsync(source.Address)).BytesAsync();
        using MemcachedClient client = await target.ConnectAsync();
        await client.WriteAsync(stream);
        Assert.Equal(("MN", "MN"), (await client.ReadLineAsync(), await client.ReadLineAsync()));
        await MemcachedDataSet.AssertHoldsAsync(target, items);
    }

    [Fact]
    public async Task An_empty_server_gives_an_empty_stream()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        await using MemcachedProcess target = await MemcachedProcess.StartAsync();
        DumpedItems dump = await DumpedItems.TakeAsync(source.Address);
        Assert.Equal("mn\r\nmn\r\n", Encoding.ASCII.GetString(await dump.BytesAsync()));
        Assert.Equal(0, (await dump.RestoreAsync(target)).Restored);
        (await dump.CompareAsync(target)).ThrowIfDifferent();
    }

    [Fact]
    public async Task Items_larger_than_a_block_stream_through()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync("-m 512 -I 64m");
        await using MemcachedProcess target = await MemcachedProcess.StartAsync("-m 512 -I 64m");
        byte[] value = new byte[40_000_000];
        new Random(3).NextBytes(value);
        IReadOnlyList<MemcachedDataSet.Item> items = [new("huge"u8.ToArray(), value, 7, 0), .. MemcachedDataSet.Of(seed: 3, count: 500)];
        await MemcachedDataSet.FillAsync(source, items);
        DumpedItems dump = await DumpedItems.TakeAsync(source.Address);
        await dump.RestoreAsync(target);
        (await dump.CompareAsync(target)).ThrowIfDifferent();
        await MemcachedDataSet.AssertHoldsAsync(target, items);
    }

    [Fact]
    public async Task Comparison_finds_what_was_changed_removed_added_touched_and_reflagged()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        await using MemcachedProcess target = await MemcachedProcess.StartAsync();
        await MemcachedDataSet.FillAsync(source, MemcachedDataSet.Of(seed: 6, count: 200));
        DumpedItems dump = await DumpedItems.TakeAsync(source.Address);
        using MemcachedClient client = await target.ConnectAsync();
        await DifferAsync(CompareDifferenceKind.Value, () => client.SendAsync("append empty 0 0 1\r\nx"));
        await DifferAsync(CompareDifferenceKind.Value, () => client.SendAsync("ms empty 0 F9\r\n"));
        await DifferAsync(CompareDifferenceKind.Missing, () => client.SendAsync("md empty"));
        await DifferAsync(CompareDifferenceKind.Extra, () => client.SendAsync("ms other 1\r\nx"));
        await DifferAsync(CompareDifferenceKind.Expiry, () => client.SendAsync("touch large 100"));
        await DifferAsync(CompareDifferenceKind.Expiry, () => client.SendAsync("touch large-too 0"));

        async Task DifferAsync(CompareDifferenceKind kind, Func<Task<string>> meddle)
        {
            await client.SendAsync("flush_all");
            await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System);
            await dump.RestoreAsync(target);
            (await dump.CompareAsync(target)).ThrowIfDifferent();
            Assert.DoesNotContain("ERROR", await meddle(), StringComparison.Ordinal);
            CompareReport report = await dump.CompareAsync(target);
            Assert.Contains(report.Differences, difference => difference.Kind == kind);
        }
    }

    [Fact]
    public async Task What_has_expired_since_is_counted_and_no_difference()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        await using MemcachedProcess target = await MemcachedProcess.StartAsync();
        using MemcachedClient client = await source.ConnectAsync();
        await client.SetAsync("stays"u8.ToArray(), "1"u8.ToArray());
        await client.SetAsync("goes"u8.ToArray(), "2"u8.ToArray(), expiry: 4);
        DumpedItems dump = await DumpedItems.TakeAsync(source.Address);
        Assert.Equal(2, (await dump.RestoreAsync(target)).Restored);
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System);
        CompareReport compared = await dump.CompareAsync(target);
        compared.ThrowIfDifferent();
        Assert.Equal((2L, 1L, 1L), (compared.Compared, compared.Equal, compared.ExpiredSince));
        RestoreReport again = await dump.RestoreAsync(target);
        Assert.Equal((1, 1), (again.Restored, again.ExpiredBefore));
    }

    [Fact]
    public async Task A_target_that_evicts_or_takes_smaller_items_fails_the_restore()
    {
        await using MemcachedProcess source = await MemcachedProcess.StartAsync();
        await using MemcachedProcess small = await MemcachedProcess.StartAsync("-m 8");
        await using MemcachedProcess full = await MemcachedProcess.StartAsync("-m 8 -M");
        await using MemcachedProcess narrow = await MemcachedProcess.StartAsync("-m 256 -I 512k");
        var random = new Random(4);
        byte[] value = new byte[20_000];
        random.NextBytes(value);
        await MemcachedDataSet.FillAsync(
            source, [.. Enumerable.Range(0, 2_000).Select(i => new MemcachedDataSet.Item(Encoding.ASCII.GetBytes($"k{i}"), value, 0, 0)), new("big"u8.ToArray(), new byte[700_000], 0, 0)]);
        DumpedItems dump = await DumpedItems.TakeAsync(source.Address);

        Assert.Contains("evicted", (await Assert.ThrowsAsync<TargetOutOfMemoryException>(() => dump.RestoreAsync(small))).Message, StringComparison.Ordinal);
        Assert.Contains("larger -m", (await Assert.ThrowsAsync<TargetOutOfMemoryException>(() => dump.RestoreAsync(full))).Message, StringComparison.Ordinal);
        Assert.Contains("larger -I", (await Assert.ThrowsAsync<TargetRefusedException>(() => dump.RestoreAsync(narrow))).Message, StringComparison.Ordinal);

        RestoreSubject subject = RestoreSubject.Of(CacheEngine.Memcached, dump.Snapshot.Origin.Version, [dump.Snapshot.Content.Summary]);
        Assert.Contains("-I", await RefusalAsync(subject, narrow), StringComparison.Ordinal);
        Assert.Contains("maxmemory", await RefusalAsync(subject, small), StringComparison.Ordinal);
        Assert.Contains("own engine", await RefusalAsync(subject with { Engine = CacheEngine.Redis }, source), StringComparison.Ordinal);
    }

    private static async Task<string> RefusalAsync(RestoreSubject subject, MemcachedProcess server)
    {
        await using MemcachedTarget target = await DumpedItems.ConnectAsync(server);
        CacheProbe probe = await target.DescribeAsync(default);
        return Assert.Throws<BackupNotRestorableException>(() => RestoreCheck.RequireRestorable(subject, probe, EngineChange.Any)).Message;
    }
}
