using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Rewrites;
using CacheBackup.Core.Tests.Rdb;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Rewrites;

public sealed class RdbRewriteTests
{
    private const string Library = "#!lua name=lib\nredis.register_function('f', function() return 1 end)";
    private static readonly RewriteOptions Whole = new() { Route = new WholeRoute(), DropModuleData = true };

    [Fact]
    public async Task Every_good_file_written_anew_has_the_same_keys_values_and_expiries()
    {
        int files = 0;
        foreach (var (fixture, bytes) in RdbFixtures.Good(int.MaxValue))
        {
            byte[] written = await Rewriting.WholeAsync(bytes, Whole);

            Assert.True(Same(bytes, written), fixture.File);
            Assert.Equal(RdbCrcState.Verified, RdbContent.Of(written).Summary.CrcState);
            files++;
        }

        Assert.True(files >= 60, $"{files} files");
    }

    [Fact]
    public async Task Every_cut_of_the_input_makes_the_same_file()
    {
        foreach (byte[] bytes in RdbFixtures.Good(1_500).Select(file => file.Bytes).Append(RdbReaderFragmentationTests.EveryItem()))
        {
            byte[] whole = await Rewriting.WholeAsync(bytes, Whole);
            foreach (int[] cuts in Fragmented.EveryWay(bytes.Length))
            {
                using var cut = new CutStream(bytes, cuts);
                byte[] written = (await Rewriting.RunAsync(Whole, (Stream[])[cut])).Files[0];
                Assert.True(whole.AsSpan().SequenceEqual(written), $"{bytes.Length} bytes cut at {string.Join(',', cuts)}");
            }
        }
    }

    [Fact]
    public async Task Merged_files_have_all_keys_of_each_and_functions_once()
    {
        byte[] a = new RdbBuilder("REDIS0009").Auxiliary("redis-ver", "6.2.1").Auxiliary("ctime", "100").Auxiliary("repl-id", "abc")
            .Select(0).StringEntry("a", "1"u8).Select(3).StringEntry("x", "2"u8).End();
        byte[] b = new RdbBuilder("REDIS0010").Auxiliary("redis-ver", "7.0.15").Auxiliary("ctime", "200").Auxiliary("used-mem", "12345").Function(Library)
            .Select(0).Expire(4_102_444_800_000).StringEntry("b", "3"u8).End();
        byte[] c = new RdbBuilder("REDIS0010").Function(Library).Select(3).StringEntry("a", "4"u8).End();

        var (report, files) = await Rewriting.RunAsync(Whole, a, b, c);

        RdbContent merged = RdbContent.Of(files[0]);
        Assert.Equal([(0, "61"), (0, "62"), (3, "61"), (3, "78")], merged.Entries.Keys);
        Assert.Equal([Library], merged.Functions);
        Assert.Equal("REDIS0010", report.Version.ToString());
        Assert.Equal([(0, 2L, 1L), (3, 2L, 0L)], merged.Sizes);
        Assert.Equal([("ctime", "200"), ("redis-ver", "6.2.1")], merged.Fields.Select(field => (field.Key, field.Value)).Order());
        Assert.Equal((4, 1, 1), (report.Files[0].Keys, report.Files[0].KeysWithExpiry, report.Functions));
        Assert.Equal((merged.Summary.SizeBytes, merged.Summary.Crc64), (report.Files[0].SizeBytes, report.Files[0].Crc64));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1L << 30)]
    public async Task A_key_in_two_files_is_refused_with_both_places_and_without_its_name(long memoryBytes)
    {
        byte[] a = SampleRdb.File(keys: 200_000, valueBytes: 1);
        var b = new RdbBuilder("REDIS0010").Select(0).StringEntry("other", "v"u8);
        int offset = b.Length;
        b.StringEntry("key:123456", "v"u8);
        var options = Whole with { Records = new KeyedRecordsOptions { MemoryBytes = memoryBytes } };

        var e = await Assert.ThrowsAsync<RewriteRefusedException>(() => Rewriting.RunAsync(options, a, b.End()));

        Assert.Contains($"B.rdb, byte {offset},", e.Message, StringComparison.Ordinal);
        Assert.Matches(@"^A\.rdb, byte \d+, and", e.Message);
        Assert.DoesNotContain("key:123456", e.Message, StringComparison.Ordinal);
        byte[] free = new RdbBuilder("REDIS0010").Select(1).StringEntry("key:123456", "v"u8).End();
        Assert.Equal(200_001, (await Rewriting.RunAsync(options, a, free)).Report.Files[0].Keys);
    }

    [Fact]
    public async Task Libraries_of_one_name_and_different_code_are_refused()
    {
        byte[] a = new RdbBuilder("REDIS0010").Function(Library).End();
        byte[] b = new RdbBuilder("REDIS0010").Function(Library + " ").End();

        var e = await Assert.ThrowsAsync<RewriteRefusedException>(() => Rewriting.RunAsync(Whole, a, b));

        Assert.Contains("different code", e.Message, StringComparison.Ordinal);
        Assert.Empty(RdbContent.Of((await Rewriting.RunAsync(Whole with { WithFunctions = false }, a, b)).Files[0]).Functions);
    }

    [Fact]
    public async Task Damage_module_data_and_foreign_types_are_refused_before_anything_is_written()
    {
        byte[] damaged = SampleRdb.File(100, 100);
        damaged[500] ^= 1;
        byte[] module = RdbReaderFragmentationTests.EveryItem();
        byte[] setListpack = SharedFixtures.Read("rdb", "librdb-set_lp_v11.rdb");
        using var output = new MemoryStream();
        async Task<string> RefusalAsync<T>(byte[] file, RewriteOptions options)
            where T : Exception =>
            (await Assert.ThrowsAsync<T>(() => new RdbRewrite(options).RunAsync([new RewriteInput("f", new MemoryStream(file))], [output], null, default))).Message;

        Assert.Contains("checksum", await RefusalAsync<RewriteRefusedException>(damaged, Whole), StringComparison.Ordinal);
        Assert.Contains("module", await RefusalAsync<RewriteRefusedException>(module, Whole with { DropModuleData = false }), StringComparison.Ordinal);
        Assert.Contains("REDIS0010", await RefusalAsync<NotInRdbVersionException>(setListpack, Whole with { Version = RdbWriterTests.Parse("REDIS0010") }), StringComparison.Ordinal);
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_read_is_found()
    {
        using var changing = new ChangingStream(SampleRdb.File(10, 10), SampleRdb.File(11, 10));
        await Assert.ThrowsAsync<IOException>(() => Rewriting.RunAsync(Whole, (Stream[])[changing]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Split_puts_each_key_into_the_file_of_its_slot_and_functions_into_all(int shards)
    {
        byte[] file = SampleRdb.File(
            Enumerable.Range(0, 2_000).Select(i => new SampleEntry(i % 2 == 0 ? $"key:{i}" : $"{{tag{i % 20}}}:{i}", "v", i % 5 == 0 ? 4_102_444_800_000 : null)), Library);
        IReadOnlyList<SlotRange> ranges = SlotRange.Even(shards);

        var (report, files) = await Rewriting.RunAsync(new RewriteOptions { Route = new SlotRoute(ranges) }, file);

        Assert.Equal(shards, files.Length);
        RdbContent[] parts = [.. files.Select(part => RdbContent.Of(part))];
        Assert.Equal(RdbContent.Of(file).Entries, parts.SelectMany(part => part.Entries).OrderBy(entry => entry.Key));
        for (int i = 0; i < shards; i++)
        {
            Assert.Equal([Library], parts[i].Functions);
            Assert.All(parts[i].Entries.Keys, key => Assert.InRange(KeySlot.Of(Convert.FromHexString(key.Key)), ranges[i].First, ranges[i].Last));
            Assert.Equal(parts[i].Entries.Count, report.Files[i].Keys);
        }

        var (_, merged) = await Rewriting.RunAsync(Whole, files);
        Assert.Equal(RdbContent.Of(file).Entries, RdbContent.Of(merged[0]).Entries);
    }

    [Fact]
    public void Even_ranges_tile_all_slots()
    {
        foreach (int shards in (int[])[1, 2, 3, 7, 500, 16_384])
        {
            IReadOnlyList<SlotRange> ranges = SlotRange.Even(shards);
            Assert.Equal(Enumerable.Range(0, KeySlot.Count), ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)));
            Assert.InRange(ranges.Max(range => range.Last - range.First) - ranges.Min(range => range.Last - range.First), 0, 1);
        }

        Assert.Equal(new SlotRange(5, 5), SlotRange.Parse("5"));
        Assert.Throws<InvalidRequestException>(() => SlotRange.Parse("7-5"));
        Assert.Throws<InvalidRequestException>(() => SlotRange.Parse("0-16384"));
        Assert.Throws<InvalidRequestException>(() => new SlotRoute([new SlotRange(0, 5), new SlotRange(5, 9)]));
    }

    [Fact]
    public async Task Split_refuses_other_databases_and_slots_of_nobody()
    {
        byte[] other = new RdbBuilder("REDIS0010").Select(1).StringEntry("secret", "v"u8).End();
        byte[] foo = new RdbBuilder("REDIS0010").Select(0).StringEntry("foo", "v"u8).End();

        var database = await Assert.ThrowsAsync<RewriteRefusedException>(() => Rewriting.RunAsync(new RewriteOptions { Route = new SlotRoute(SlotRange.Even(2)) }, other));
        var slot = await Assert.ThrowsAsync<RewriteRefusedException>(
            () => Rewriting.RunAsync(new RewriteOptions { Route = new SlotRoute([new SlotRange(0, 12_181)]) }, foo));

        Assert.DoesNotContain("secret", database.Message, StringComparison.Ordinal);
        Assert.Contains("slot 12182", slot.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await Rewriting.RunAsync(new RewriteOptions { Route = new SlotRoute(SlotRange.Even(1), anyDatabase: true) }, other)).Report.Files[0].Keys);
    }

    [Fact]
    public async Task Slot_hints_are_kept_where_slots_stay_whole()
    {
        byte[] file = SharedFixtures.Read("rdb", "librdb-cluster_slot_info.rdb");
        var hint = Assert.Single(RdbContent.Of(file).Slots);

        var (_, split) = await Rewriting.RunAsync(new RewriteOptions { Route = new SlotRoute(SlotRange.Even(2)) }, file);
        byte[] filtered = await Rewriting.WholeAsync(file, new RewriteOptions { Route = new FilterRoute(null, ExpiryCondition.Any, null, null) });

        Assert.Equal([hint], split.SelectMany(part => RdbContent.Of(part).Slots));
        Assert.Empty(RdbContent.Of(filtered).Slots);
    }

    [Theory]
    [InlineData("user:*", null, null, ExpiryCondition.Any, null, null, "1 2 3 4")]
    [InlineData("user:*", "string", null, ExpiryCondition.Any, null, null, "1 2 4")]
    [InlineData(null, null, 2, ExpiryCondition.Any, null, null, "4")]
    [InlineData(null, null, null, ExpiryCondition.WithExpiry, null, null, "2 4 5")]
    [InlineData(null, null, null, ExpiryCondition.WithoutExpiry, null, null, "1 3")]
    [InlineData(null, null, null, ExpiryCondition.Any, 2_000L, null, "2 5")]
    [InlineData(null, null, null, ExpiryCondition.Any, null, 1_000L, "1 3 4 5")]
    [InlineData(null, null, null, ExpiryCondition.Any, null, 999L, "1 2 3 4 5")]
    public async Task Filter_takes_what_fits_every_condition(
        string? match, string? type, int? database, ExpiryCondition expiry, long? before, long? expiredAt, string expected)
    {
        byte[] file = new RdbBuilder("REDIS0010").Function(Library)
            .Select(0).StringEntry("user:1", "a"u8).Expire(1_000).StringEntry("user:2", "a"u8)
            .Type(RdbType.Set, "user:3").Number(1).Text("m")
            .Select(2).Expire(5_000).StringEntry("user:4", "a"u8)
            .Select(0).Expire(1_999).StringEntry("order:5", "a"u8).End();
        FilterRoute route = new(
            EntrySelection.Of(match, type is null ? null : [type], database is { } number ? [number] : null),
            expiry,
            before is { } b ? DateTimeOffset.FromUnixTimeMilliseconds(b) : null,
            expiredAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);

        var (report, files) = await Rewriting.RunAsync(new RewriteOptions { Route = route, WithFunctions = false }, file);

        RdbContent filtered = RdbContent.Of(files[0]);
        Assert.Equal(expected, string.Join(' ', filtered.Entries.Keys.Select(key => (char)Convert.FromHexString(key.Key)[^1]).Order()));
        Assert.Equal(5 - filtered.Entries.Count, report.LeftOut);
        Assert.Empty(filtered.Functions);
    }

    [Fact]
    public async Task A_large_value_streams_through_small_buffers()
    {
        byte[] file = SampleRdb.File(keys: 2, valueBytes: 30_000_000);
        using var output = new MeasuredStream();

        await new RdbRewrite(Whole).RunAsync([new RewriteInput("f", new MemoryStream(file))], [output], null, default);

        Assert.InRange(output.Bytes, 60_000_000, file.Length + 10);
        Assert.InRange(output.LongestWrite, 1, 512 * 1024);
    }

    private static bool Same(byte[] before, byte[] after)
    {
        RdbContent old = RdbContent.Of(before);
        RdbContent anew = RdbContent.Of(after);
        return old.Entries.SequenceEqual(anew.Entries) && old.Functions.SetEquals(anew.Functions);
    }

    /// <summary>Keeps nothing but how much came, and how much at once.</summary>
    private sealed class MeasuredStream : MemoryStream
    {
        public long Bytes { get; private set; }

        public int LongestWrite { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes += buffer.Length;
            LongestWrite = Math.Max(LongestWrite, buffer.Length);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Another file from the second reading on.</summary>
    private sealed class ChangingStream(byte[] first, byte[] second) : MemoryStream
    {
        private int _readings;

        public override long Position
        {
            get => base.Position;
            set
            {
                byte[] now = _readings++ == 0 ? first : second;
                SetLength(0);
                Write(now);
                base.Position = 0;
            }
        }
    }
}
