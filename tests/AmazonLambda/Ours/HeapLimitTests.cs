using Amazon.Lambda.RuntimeSupport;

namespace CacheBackup.AmazonLambda.Tests.Ours;

public sealed class HeapLimitTests
{
    private const long MachineBytes = 16L << 30;

    [Fact]
    public void Heap_may_take_most_of_the_functions_memory() =>
        Assert.Equal(512UL * 1024 * 1024 * 85 / 100, HeapLimit.For(512, MachineBytes, null));

    [Theory]
    [InlineData(0, null)]
    [InlineData(512, "true")]
    [InlineData(512, "TRUE")]
    public void Heap_is_left_alone_where_no_limit_is_known_or_wanted(int memoryMiB, string? disabled) =>
        Assert.Null(HeapLimit.For(memoryMiB, MachineBytes, disabled));

    [Fact]
    public void Limit_that_is_already_lower_stands() => Assert.Null(HeapLimit.For(512, 100L << 20, null));
}
