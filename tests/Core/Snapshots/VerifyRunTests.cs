using CacheBackup.Core.Segments;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Core.Tests.Restores;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Snapshots;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Snapshots;

public sealed class VerifyRunTests
{
    [Fact]
    public async Task A_file_as_it_was_stored_has_no_findings()
    {
        StoredSample sample = await SampleAsync();
        VerifyReport report = await VerifyAsync(sample);
        Assert.True(report.IsGood);
        Assert.Empty(report.Findings);
        Assert.Equal(sample.Content.SizeBytes, report.Bytes);
    }

    [Fact]
    public async Task One_bit_anywhere_is_found_in_its_segment_and_in_the_whole()
    {
        StoredSample sample = await SampleAsync();
        foreach (Segment segment in sample.Content.Index.Segments)
        {
            foreach (long offset in (long[])[segment.OffsetBytes, segment.EndOffsetBytes - 1])
            {
                await sample.DamageAsync(offset);
                VerifyReport report = await VerifyAsync(sample);
                Assert.Equal((VerifyFindingKind.Segment, segment.Number, segment.OffsetBytes), (report.Findings[0].Kind, report.Findings[0].Segment!.Value, report.Findings[0].OffsetBytes!.Value));
                Assert.Single(report.Findings, f => f.Kind == VerifyFindingKind.Segment);
                Assert.Single(report.Findings, f => f.Kind == VerifyFindingKind.Sha256);

                // The checksum at the end is not part of what it covers.
                bool isCovered = offset < sample.Content.SizeBytes - 8;
                Assert.Equal(isCovered, report.Findings.Any(f => f.Kind == VerifyFindingKind.Crc64));
            }
        }
    }

    [Fact]
    public async Task Every_damaged_segment_is_found()
    {
        byte[] file = SampleRdb.File(keys: 2_000, valueBytes: 500);
        StoredSample sample = await StoredSample.CreateAsync(file);
        byte[] damaged = [.. file];
        int[] numbers = [1, 4, 9];
        foreach (int number in numbers)
        {
            damaged[sample.Content.Index.Segments[number].OffsetBytes + 3] ^= 4;
        }

        await sample.StoreAsync(damaged);
        VerifyReport report = await VerifyAsync(sample);
        Assert.Equal(numbers, report.Findings.Where(f => f.Kind == VerifyFindingKind.Segment).Select(f => f.Segment!.Value));
    }

    [Fact]
    public async Task Findings_are_all_counted_and_some_listed()
    {
        byte[] file = SampleRdb.File(keys: 5_000, valueBytes: 100);
        StoredSample sample = await StoredSample.CreateAsync(file, segmentBytes: 1_024);
        await sample.StoreAsync(new byte[file.Length]);
        VerifyReport report = await VerifyAsync(sample);
        Assert.Equal(VerifyReport.MaxListed, report.Findings.Count);
        Assert.True(sample.Content.Index.Segments.Count > VerifyReport.MaxListed);
        Assert.Equal(sample.Content.Index.Segments.Count + 2, report.FindingCount);
    }

    [Fact]
    public async Task A_missing_file_and_one_of_another_length_are_findings()
    {
        StoredSample sample = await SampleAsync();
        await sample.StoreAsync(new byte[10]);
        Assert.Equal(VerifyFindingKind.Length, Assert.Single((await VerifyAsync(sample)).Findings).Kind);
        await sample.Store.DeleteAsync(StoredSample.Key, default);
        Assert.Equal(VerifyFindingKind.Missing, Assert.Single((await VerifyAsync(sample)).Findings).Kind);
    }

    [Fact]
    public async Task An_index_that_is_not_the_recorded_one_is_a_finding()
    {
        StoredSample sample = await SampleAsync();
        StoredSample other = await StoredSample.CreateAsync(SampleRdb.File(keys: 20, valueBytes: 500));
        VerifyReport report = await new VerifyRun(sample.Store, TimeProvider.System).RunAsync(
            StoredSample.Key, sample.Content.Index, RecordedContent.Of(other.Content), null, default);
        Assert.Contains(report.Findings, f => f.Kind == VerifyFindingKind.Index);
    }

    [Fact]
    public async Task A_read_that_breaks_off_goes_on_and_one_that_stays_away_is_no_finding()
    {
        StoredSample sample = await SampleAsync();
        var hiccup = new FaultyObjectStore(sample.Store, [new StoreFault(StoreOperation.Get, 1, StoreFaultKind.ResetMidBody)]);
        Assert.True((await VerifyAsync(sample, hiccup)).IsGood);
        var gone = new FaultyObjectStore(sample.Store, StoreFault.Always(StoreOperation.Get, StoreFaultKind.Unavailable));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => VerifyAsync(sample, gone));
    }

    private static Task<StoredSample> SampleAsync() => StoredSample.CreateAsync(SampleRdb.File(keys: 1_000, valueBytes: 500));

    private static Task<VerifyReport> VerifyAsync(StoredSample sample, IObjectStore? store = null) =>
        new VerifyRun(store ?? sample.Store, HurriedTime.Instance).RunAsync(
            StoredSample.Key, sample.Content.Index, RecordedContent.Of(sample.Content), null, default);
}
