using CacheBackup.Core.Catalog;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Core.Tests.Operations;

public sealed class ProgressRecordsTests
{
    private const string Prefix = "progress/backups/id/";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemoryObjectStore _store;

    public ProgressRecordsTests() => _store = new MemoryObjectStore(_time);

    [Theory]
    [InlineData(100L, 200L, 300L)]
    [InlineData(100L, null, null)]
    [InlineData(null, null, null)]
    public async Task What_lanes_have_written_is_summed_with_and_without_a_known_total(long? one, long? other, long? total)
    {
        await WriteAsync(1, new TransferProgress(10, one, 3));
        await WriteAsync(2, new TransferProgress(20, other, 4));
        ProgressRecord? sum = await ProgressRecords.SumAsync(_store, Prefix, default);
        Assert.Equal(new ProgressRecord(30, 7, _time.GetUtcNow(), total), sum);
    }

    [Fact]
    public async Task Where_nothing_has_begun_there_is_no_sum() => Assert.Null(await ProgressRecords.SumAsync(_store, Prefix, default));

    private async Task WriteAsync(int lane, TransferProgress progress)
    {
        await using ProgressWriter writer = new(_store, CatalogKeys.Progress(Prefix, lane), _time);
        writer.Report(progress);
    }
}
