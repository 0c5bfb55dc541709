using CacheBackup.Core.Storage;
using CacheBackup.Local.Http;

namespace CacheBackup.Local.Tests.Http;

public sealed class RequestedRangeTests
{
    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=3-", 3, 7)]
    [InlineData("bytes=3-5", 3, 3)]
    [InlineData("bytes=3-500", 3, 7)]
    [InlineData("bytes=-4", 6, 4)]
    [InlineData("bytes=-400", 0, 10)]
    [InlineData("BYTES=9-9", 9, 1)]
    public void Range_is_cut_at_the_files_end(string header, long offset, long length) =>
        Assert.Equal(new RequestedRange(new ByteRange(offset, length), IsWhole: false), RequestedRange.Parse(header, 10));

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=10-20")]
    [InlineData("bytes=-0")]
    public void Range_beyond_the_end_is_none(string header) => Assert.Null(RequestedRange.Parse(header, 10).Bytes);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("items=0-1")]
    [InlineData("bytes=5-3")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=1-b")]
    [InlineData("bytes=-")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("bytes=99999999999999999999-")]
    public void Header_that_is_none_or_that_nobody_has_to_take_gets_the_whole_file(string? header) =>
        Assert.Equal(RequestedRange.Whole(10), RequestedRange.Parse(header, 10));
}
