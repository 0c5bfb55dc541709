using CacheBackup.Core.Catalog;
using CsCheck;

namespace CacheBackup.Core.Tests.Catalog;

public sealed class DescendingTimeTests
{
    private static readonly Gen<DateTimeOffset> Times =
        Gen.Long[0, 9_999_999_999_999].Select(DateTimeOffset.FromUnixTimeMilliseconds);

    [Fact]
    public void A_time_comes_back_to_the_millisecond() => Times.Sample(time => DescendingTime.Parse(DescendingTime.Of(time)) == time);

    [Fact]
    public void Later_times_come_first_in_the_order_of_keys() => Gen.Select(Times, Times).Sample((one, other) =>
        Math.Sign(string.CompareOrdinal(DescendingTime.Of(one), DescendingTime.Of(other))) == -one.CompareTo(other));

    [Fact]
    public void Every_time_has_the_stated_length() => Times.Sample(time => DescendingTime.Of(time).Length == DescendingTime.Length);

    [Theory]
    [InlineData("")]
    [InlineData("12345/67/89012")]
    [InlineData("12345/67/8901234")]
    [InlineData("12345-67/890123")]
    [InlineData("12345/67-890123")]
    [InlineData("1234x/67/890123")]
    [InlineData("-2345/67/890123")]
    public void Any_other_text_is_no_time(string text) => Assert.Null(DescendingTime.Parse(text));

    [Fact]
    public void The_end_of_a_key_is_taken_apart_into_time_and_rest() => Times.Sample(time =>
        DescendingTime.ParseEnd($"catalog/by-time/{DescendingTime.KeyOf(time, "a-b.c=1")}") == (time, "a-b.c=1"));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("one")]
    [InlineData("12345/67/890123")]
    [InlineData("2345/67/890123-one")]
    [InlineData("12345/67/89012-one")]
    [InlineData("12345/67/890123/one")]
    [InlineData("12345-67/890123-one")]
    public void A_key_that_ends_otherwise_has_no_time(string key) => Assert.Null(DescendingTime.ParseEnd(key));
}
