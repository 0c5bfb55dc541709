using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Local.Commands;

public sealed class RateOptionTests
{
    [Theory]
    [InlineData("20MB/s", 20_000_000L, null)]
    [InlineData("20MB", 20_000_000L, null)]
    [InlineData("64KiB", 65_536L, null)]
    [InlineData("1.5 GiB/s", 1_610_612_736L, null)]
    [InlineData("70000b", 70_000L, null)]
    [InlineData("5000keys/s", null, 5_000L)]
    [InlineData("1keys", null, 1L)]
    public void Rate_is_read_with_its_unit(string text, long? bytes, long? keys) =>
        Assert.Equal(new RestoreRate { BytesPerSecond = bytes, KeysPerSecond = keys }, RateOption.Read([text]));

    [Fact]
    public void Both_limits_hold() =>
        Assert.Equal(new RestoreRate { BytesPerSecond = 1_000_000, KeysPerSecond = 10 }, RateOption.Read(["1MB", "10keys"]));

    [Fact]
    public void No_option_is_no_rate() => Assert.Null(RateOption.Read([]));

    [Theory]
    [InlineData("fast")]
    [InlineData("20")]
    [InlineData("0MB")]
    [InlineData("-1MB")]
    [InlineData("1.2.3MB")]
    [InlineData("20Mbit")]
    [InlineData("99999999999999GB")]
    public void Text_that_is_no_rate_is_refused_with_the_units(string text) =>
        Assert.Contains("MiB", Assert.Throws<BadUsageException>(() => RateOption.Read([text])).Message, StringComparison.Ordinal);

    [Fact]
    public void One_limit_twice_is_refused() => Assert.Throws<BadUsageException>(() => RateOption.Read(["1MB", "2MB"]));

    [Fact]
    public void Rate_that_would_never_end_is_refused() => Assert.Throws<InvalidRequestException>(() => RateOption.Read(["10KiB"]));
}
