using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Tests.Storage;

public sealed class PartSizesTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public void Parts_begin_as_wanted_and_grow_as_numbers_are_used()
    {
        var sizes = new PartSizes(8 * MiB, 64 * MiB, estimateBytes: 0);

        int[] steps = [.. Enumerable.Range(0, 10).Select(step => sizes[(step * 1_000) + 1] / MiB)];
        Assert.Equal([8, 12, 18, 27, 41, 62, 64, 64, 64, 64], steps);
        Assert.Equal(8 * MiB, sizes[1_000]);
        Assert.Equal(64 * MiB, sizes[10_000]);
        Assert.Equal(Enumerable.Range(1, 10_000).Sum(number => (long)sizes[number]), sizes.CapacityBytes);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(10_000L * 8 * MiB, 8)]
    [InlineData((10_000L * 8 * MiB) + 1, 9)]
    [InlineData(10_000L * 64 * MiB, 64)]
    public void Estimate_sets_the_first_size(long estimateBytes, int expectedMiB)
    {
        var sizes = new PartSizes(8 * MiB, 64 * MiB, estimateBytes);

        Assert.Equal(expectedMiB * MiB, sizes[1]);
        Assert.True(sizes.CapacityBytes >= estimateBytes);
    }

    [Fact]
    public void Estimate_beyond_the_greatest_size_is_refused() =>
        Assert.Throws<UploadTooLongException>(() => new PartSizes(8 * MiB, 64 * MiB, (10_000L * 64 * MiB) + 1));

    [Fact]
    public void Greatest_size_holds_for_all_parts()
    {
        var sizes = new PartSizes(5 * MiB, 5 * MiB, estimateBytes: 1);

        Assert.All(Enumerable.Range(1, 10_000), number => Assert.Equal(5 * MiB, sizes[number]));
    }
}
