using System.Text;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Snapshots;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Restores;

public sealed class RestoreRunTests : IAsyncDisposable
{
    private readonly RecordingTarget _target = new();

    [Fact]
    public async Task Run_sends_every_entry_once_in_the_order_of_the_file()
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: 2_000, valueBytes: 500));
        RestoreReport report = await RunAsync(sample.Store, sample.Range);
        Assert.True(sample.Content.Index.Segments.Count > 10);
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => $"key:{i}"), _target.Entries.Select(entry => Encoding.ASCII.GetString(entry.Key.Span)));
        Assert.All(_target.Entries, entry => Assert.Equal(505, entry.Value.Length));
        Assert.Equal(2_000, report.Restored);
        Assert.Equal(sample.Content.SizeBytes, report.Bytes);
        Assert.True(_target.IsFlushed);
    }

    [Fact]
    public async Task Ranges_that_tile_the_file_send_what_the_whole_sends()
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: 2_000, valueBytes: 500));
        RestorePlan plan = RestorePlan.Of([sample.Content.Index], lanes: 1);
        Assert.Single(plan.Ranges);
        int last = sample.Content.Index.Segments.Count - 1;
        for (int first = 0; first <= last; first += 3)
        {
            await RunAsync(sample.Store, new RestoreRange(StoredSample.Key, sample.Content.Index, first, Math.Min(first + 2, last)));
        }

        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => $"key:{i}"), _target.Entries.Select(entry => Encoding.ASCII.GetString(entry.Key.Span)));
    }

    [Fact]
    public async Task A_damaged_segment_is_found_before_anything_of_it_is_sent()
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: 2_000, valueBytes: 500));
        foreach (Segment segment in sample.Content.Index.Segments)
        {
            _target.Entries.Clear();
            await sample.DamageAsync(segment.EndOffsetBytes - 1);
            var damage = await Assert.ThrowsAsync<BackupDamagedException>(() => RunAsync(sample.Store, sample.Range));
            Assert.Contains($"Segment {segment.Number} ", damage.Message, StringComparison.Ordinal);
            Assert.All(_target.Entries, entry => Assert.True(entry.OffsetBytes < segment.OffsetBytes));
            Assert.Equal(sample.Content.Index.Segments.Take(segment.Number).Sum(s => s.Keys), _target.Entries.Count);
        }
    }

    [Fact]
    public async Task A_huge_value_that_is_damaged_is_never_finished()
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: 2, valueBytes: 20_000_000));
        Segment second = sample.Content.Index.Segments[2];
        Assert.Equal(SegmentKind.Large, second.Kind);
        await sample.DamageAsync(second.OffsetBytes + 10_000_000);
        await Assert.ThrowsAsync<BackupDamagedException>(() => RunAsync(sample.Store, sample.Range));
        Assert.Equal((2, 1), (_target.LargeBegun, _target.LargeEnded));
    }

    [Fact]
    public async Task A_huge_value_streams_and_arrives_whole()
    {
        byte[] file = SampleRdb.File(keys: 2, valueBytes: 20_000_000);
        StoredSample sample = await StoredSample.CreateAsync(file);
        await RunAsync(sample.Store, sample.Range);
        LargeEntry large = sample.Content.Index.LargeEntries[1];
        Assert.Equal(2, _target.LargeEnded);
        Assert.Equal(file.AsSpan((int)large.ValueOffsetBytes, (int)large.ValueLengthBytes), _target.Entries[1].Value.Span);
    }

    [Fact]
    public async Task A_string_larger_than_the_target_takes_in_one_command_goes_in_pieces()
    {
        byte[] file = SampleRdb.File(keys: 1, valueBytes: 20_000_000);
        StoredSample sample = await StoredSample.CreateAsync(file);
        _target.LongestArgumentBytes = 20_000_500;
        await RunAsync(sample.Store, sample.Range);
        Assert.Equal((1, 0), (_target.StringsBegun, _target.LargeBegun));
        Assert.InRange(_target.LargestPieceBytes, StringPieces.PieceBytes, 2 * StringPieces.PieceBytes);
        int start = (int)sample.Content.Index.LargeEntries[0].ValueOffsetBytes + 5;
        Assert.Equal(file.AsSpan(start, 20_000_000), _target.Entries[0].Value.Span);
    }

    [Fact]
    public async Task A_string_larger_than_any_the_target_has_is_refused_by_place_and_size()
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: 1, valueBytes: 20_000_000));
        _target.LongestArgumentBytes = 19_999_999;
        var refusal = await Assert.ThrowsAsync<BackupNotRestorableException>(() => RunAsync(sample.Store, sample.Range));
        Assert.Contains("20,000,000", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"at byte {sample.Content.Index.LargeEntries[0].OffsetBytes} ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, _target.StringsBegun);
    }

    [Fact]
    public async Task A_key_that_has_expired_by_the_targets_clock_is_counted_and_not_sent()
    {
        byte[] file = SampleRdb.File(Enumerable.Range(0, 100).Select(i => new SampleEntry($"key:{i}", "value", ExpireAtMilliseconds: i)));
        StoredSample sample = await StoredSample.CreateAsync(file);
        _target.NowMilliseconds = 41;
        RestoreReport report = await RunAsync(sample.Store, sample.Range);
        Assert.Equal((58, 42), (report.Restored, report.ExpiredBefore));
        Assert.Equal(Enumerable.Range(42, 58).Select(i => (long?)i), _target.Entries.Select(entry => entry.ExpireAtMilliseconds));
    }

    [Fact]
    public async Task A_read_that_breaks_off_goes_on_where_it_was()
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: 2_000, valueBytes: 500));
        var faulty = new FaultyObjectStore(
            sample.Store,
            [
                new StoreFault(StoreOperation.Get, 1, StoreFaultKind.ResetMidBody),
                new StoreFault(StoreOperation.Get, 2, StoreFaultKind.Unavailable),
                new StoreFault(StoreOperation.Get, 3, StoreFaultKind.ShortRead),
            ]);
        RestoreReport report = await RunAsync(faulty, sample.Range);
        Assert.Equal(4, faulty.Calls(StoreOperation.Get));
        Assert.Equal(2_000, report.Restored);
        Assert.Equal(2_000, _target.Entries.Count);
    }

    [Fact]
    public async Task A_store_that_stays_away_ends_the_run()
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: 10, valueBytes: 500));
        var faulty = new FaultyObjectStore(sample.Store, StoreFault.Always(StoreOperation.Get, StoreFaultKind.Unavailable));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => RunAsync(faulty, sample.Range));
        Assert.Equal(6, faulty.Calls(StoreOperation.Get));
        Assert.Empty(_target.Entries);
    }

    [Fact]
    public async Task A_file_of_another_length_is_damaged()
    {
        byte[] file = SampleRdb.File(keys: 10, valueBytes: 500);
        StoredSample sample = await StoredSample.CreateAsync(file);
        await sample.StoreAsync([.. file, 0]);
        await Assert.ThrowsAsync<BackupDamagedException>(() => RunAsync(sample.Store, sample.Range));
        await sample.StoreAsync(file[..^1]);
        await Assert.ThrowsAsync<BackupDamagedException>(() => RunAsync(sample.Store, sample.Range));
        Assert.Empty(_target.Entries);
    }

    [Fact]
    public async Task An_index_of_another_file_is_told_from_damage_of_the_bytes()
    {
        byte[] file = SampleRdb.File(keys: 10, valueBytes: 500);
        StoredSample sample = await StoredSample.CreateAsync(file);
        Segment[] segments = [.. sample.Content.Index.Segments];
        segments[1] = segments[1] with { Keys = 11 };
        var range = RestoreRange.Whole(StoredSample.Key, sample.Content.Index with { Segments = segments });
        var damage = await Assert.ThrowsAsync<BackupDamagedException>(() => RunAsync(sample.Store, range));
        Assert.Contains("index says 11", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Libraries_of_the_header_are_loaded_by_the_range_that_holds_it()
    {
        const string Library = "#!lua name=one\nredis.register_function('f', function() return 1 end)";
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File([new SampleEntry("key", "value")], Library));
        RestoreReport report = await RunAsync(sample.Store, sample.Range);
        Assert.Equal(1, report.Functions);
        Assert.Equal(Library, Encoding.UTF8.GetString(Assert.Single(_target.Libraries)));
        await RunAsync(sample.Store, new RestoreRange(StoredSample.Key, sample.Content.Index, 1, 2));
        Assert.Single(_target.Libraries);
    }

    [Fact]
    public async Task What_changed_since_the_index_was_made_is_found_by_its_checksum_alone()
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: 500, valueBytes: 500));
        Segment[] segments = [.. sample.Content.Index.Segments.Select(segment => segment with { Sha256 = default })];
        RestoreRange range = RestoreRange.Whole(StoredSample.Key, sample.Content.Index with { Segments = segments }) with { IsJustIndexed = true };
        Assert.Equal(500, (await RunAsync(sample.Store, range)).Restored);

        await sample.DamageAsync(segments[1].OffsetBytes + 300);
        await Assert.ThrowsAsync<BackupDamagedException>(() => RunAsync(sample.Store, range));
    }

    [Fact]
    public async Task Progress_ends_with_the_range()
    {
        StoredSample sample = await StoredSample.CreateAsync(SampleRdb.File(keys: 2_000, valueBytes: 500));
        var told = new List<TransferProgress>();
        var range = new RestoreRange(StoredSample.Key, sample.Content.Index, 2, 5);
        await new RestoreRun(sample.Store, TimeProvider.System).RunAsync(range, _target, new Listener(told), default);
        long bytes = range.Segments.Sum(segment => segment.LengthBytes);
        Assert.Equal(new TransferProgress(bytes, bytes, range.Segments.Sum(segment => segment.Keys)), told[^1]);
    }

    public ValueTask DisposeAsync() => _target.DisposeAsync();

    private Task<RestoreReport> RunAsync(IObjectStore store, RestoreRange range) =>
        new RestoreRun(store, HurriedTime.Instance).RunAsync(range, _target, null, default);

    private sealed class Listener(List<TransferProgress> told) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => told.Add(value);
    }
}
