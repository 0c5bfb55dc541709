using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Tests.Rdb;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Restores;

public sealed class PartFileTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("key:1*", null, null)]
    [InlineData(null, "string", null)]
    [InlineData("nothing", null, null)]
    public async Task A_part_reads_as_the_entries_that_were_selected(string? match, string? type, int? database)
    {
        EntrySelection selection = EntrySelection.Of(match ?? "*", type is null ? null : [type], database is { } d ? [d] : null)!;
        StoredSample whole = await StoredSample.CreateAsync(SampleRdb.File(keys: 3_000, valueBytes: 500));
        RestoreRange range = whole.Range with { Selection = selection };
        await using RecordingTarget expected = new();
        await new RestoreRun(whole.Store, TimeProvider.System).RunAsync(range, expected, null, default);

        using MemoryStream part = new();
        long keys = await new PartFile(whole.Store, TimeProvider.System).WriteAsync(range, part, null, default);
        StoredSample written = await StoredSample.CreateAsync(part.ToArray());
        await using RecordingTarget actual = new();
        RestoreReport report = await new RestoreRun(written.Store, TimeProvider.System).RunAsync(written.Range, actual, null, default);

        Assert.Equal(expected.Entries.Count, keys);
        Assert.Equal(keys, report.Restored);
        Assert.Equal(expected.Entries.Select(Described), actual.Entries.Select(Described));
        Assert.Empty(actual.Libraries);
        Assert.Equal(RdbCrcState.Verified, written.Content.Summary.CrcState);
    }

    [Fact]
    public async Task Keys_stay_in_their_databases_with_their_expiry_and_functions_are_left_out()
    {
        StoredSample whole = await StoredSample.CreateAsync(
            new RdbBuilder("REDIS0010")
                .Function("#!lua name=mine\nredis.register_function('f', function() return 1 end)")
                .Select(0)
                .StringEntry("user:1", "a"u8)
                .StringEntry("order:1", "b"u8)
                .Select(300)
                .Expire(4_102_444_800_000)
                .StringEntry(new string('u', 20_000), "c"u8)
                .End());
        using MemoryStream part = new();
        RestoreRange range = whole.Range with { Selection = EntrySelection.Of("u*", null, null) };
        Assert.Equal(2, await new PartFile(whole.Store, TimeProvider.System).WriteAsync(range, part, null, default));
        StoredSample written = await StoredSample.CreateAsync(part.ToArray());
        await using RecordingTarget target = new();
        await new RestoreRun(written.Store, TimeProvider.System).RunAsync(written.Range, target, null, default);
        Assert.Equal([(0, 6, (long?)null), (300, 20_000, 4_102_444_800_000)], target.Entries.Select(e => (e.Database, e.Key.Length, e.ExpireAtMilliseconds)));
        Assert.Empty(target.Libraries);
    }

    [Fact]
    public async Task A_value_that_streams_comes_whole()
    {
        StoredSample whole = await StoredSample.CreateAsync(SampleRdb.File(keys: 2, valueBytes: 20_000_000));
        RestoreRange range = whole.Range with { Selection = EntrySelection.Of("*", null, null) };
        using MemoryStream part = new();
        Assert.Equal(2, await new PartFile(whole.Store, TimeProvider.System).WriteAsync(range, part, null, default));
        StoredSample written = await StoredSample.CreateAsync(part.ToArray());
        Assert.Equal(2, written.Content.Index.Keys);
        Assert.Equal(RdbCrcState.Verified, written.Content.Summary.CrcState);
    }

    [Fact]
    public async Task A_damaged_file_has_no_part()
    {
        StoredSample whole = await StoredSample.CreateAsync(SampleRdb.File(keys: 2_000, valueBytes: 500));
        await whole.DamageAsync(whole.Content.Index.SizeBytes / 2);
        RestoreRange range = whole.Range with { Selection = EntrySelection.Of("*", null, null) };
        using MemoryStream part = new();
        await Assert.ThrowsAsync<BackupDamagedException>(() => new PartFile(whole.Store, TimeProvider.System).WriteAsync(range, part, null, default));
    }

    private static string Described(RestoreEntry entry) =>
        $"{entry.Database} {Convert.ToHexString(entry.Key.Span)} {entry.Type} {entry.ExpireAtMilliseconds} {entry.IdleSeconds} {entry.Frequency} {Convert.ToHexString(entry.Value.Span)}";
}
