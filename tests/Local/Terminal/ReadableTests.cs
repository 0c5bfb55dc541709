namespace CacheBackup.Local.Terminal;

public sealed class ReadableTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "0.98 KiB")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(10_239, "10.0 KiB")]
    [InlineData(102_348, "99.9 KiB")]
    [InlineData(102_400, "100 KiB")]
    [InlineData(1_048_575, "1.00 MiB")]
    [InlineData(67_108_864, "64.0 MiB")]
    [InlineData(1_342_177_280, "1.25 GiB")]
    [InlineData(long.MaxValue, "8.00 EiB")]
    public void Bytes_have_three_digits(double bytes, string text) => Assert.Equal(text, Readable.Bytes(bytes));

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(60, "1 min 00 s")]
    [InlineData(3_599, "59 min 59 s")]
    [InlineData(3_600, "1 h 00 min")]
    [InlineData(360_060, "100 h 01 min")]
    public void Duration_has_two_units_at_most(double seconds, string text) => Assert.Equal(text, Readable.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 keys")]
    [InlineData(1, "1 key")]
    [InlineData(1_234_567, "1,234,567 keys")]
    public void Count_is_grouped(long count, string text) => Assert.Equal(text, Readable.Count(count, "key"));

    [Fact]
    public void Text_is_one_printable_line()
    {
        Assert.Equal(@"a\x1b[31m\x0a\\\xc3\xa9", Readable.Text("a\u001b[31m\n\\é"u8));
        Assert.Equal("aaaaa…", Readable.Text("aaaaaaaa"u8, longest: 5));
    }
}
