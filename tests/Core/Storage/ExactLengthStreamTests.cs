using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

public sealed class ExactLengthStreamTests
{
    private static readonly ObjectKey Key = new("data/one");

    [Fact]
    public async Task Yields_the_promised_bytes_and_no_more()
    {
        var stream = new ExactLengthStream(new MemoryStream([1, 2, 3, 4, 5]), 3, Key);

        Assert.Equal([1, 2, 3], await StoreBytes.ReadAllAsync(stream));
        Assert.Equal(0, stream.Read(new byte[10]));
        Assert.Equal((3, 3), (stream.Position, stream.Length));
    }

    [Fact]
    public async Task Early_end_is_never_the_end_of_the_data()
    {
        var stream = new ExactLengthStream(new MemoryStream([1, 2, 3]), 4, Key);
        byte[] buffer = new byte[10];

        Assert.Equal(3, await stream.ReadAsync(buffer, default));
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await stream.ReadExactlyAsync(buffer));
        Assert.Contains("byte 3 of the 4", failure.Message, StringComparison.Ordinal);
        Assert.Throws<StoreUnavailableException>(() => stream.Read(buffer, 0, 10));
    }
}
