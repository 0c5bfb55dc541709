using System.Text;
using CacheBackup.Core.Memcached;

namespace CacheBackup.Core.Tests.Memcached;

public sealed class MetadumpLineTests
{
    private readonly byte[] _key = new byte[ItemKey.MaxBytes];

    [Theory]
    [InlineData("key=foo exp=-1 la=1795412888 cas=1 fetch=no cls=1 size=66", "foo", 0, 66)]
    [InlineData("key=a%20b%00%ff%2B exp=1795413000 la=1 cas=1 fetch=yes cls=1 size=70", "a b\0\u00ff+", 1795413000, 70)]
    [InlineData("key=foo exp=5", "foo", 5, 0)]
    [InlineData("key=foo exp=5 flags=9 size=12", "foo", 5, 12)]
    public void A_line_tells_key_expiry_and_size(string line, string key, long expiry, long size)
    {
        Assert.True(MetadumpLine.TryRead(Encoding.ASCII.GetBytes(line), _key, out MetadumpLine read));
        Assert.Equal(key, Encoding.Latin1.GetString(_key, 0, read.KeyLengthBytes));
        Assert.Equal((expiry, size), (read.ExpireAtSeconds, read.SizeBytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("END")]
    [InlineData("BUSY currently processing crawler request")]
    [InlineData("key= exp=-1")]
    [InlineData("key=foo")]
    [InlineData("key=foo exp=")]
    [InlineData("key=foo exp=1x size=3")]
    [InlineData("key=a%2 exp=1")]
    [InlineData("key=a%zz exp=1")]
    [InlineData("key=a%")]
    public void Anything_else_is_no_such_line(string line) => Assert.False(MetadumpLine.TryRead(Encoding.ASCII.GetBytes(line), _key, out _));

    [Fact]
    public void A_key_longer_than_any_is_refused() =>
        Assert.False(MetadumpLine.TryRead(Encoding.ASCII.GetBytes($"key={new string('k', 251)} exp=1"), _key, out _));

    [Fact]
    public void Cut_anywhere_it_is_never_read_beyond_its_end()
    {
        byte[] line = "key=a%20b exp=1795413000 la=1 cas=1 fetch=yes cls=1 size=70"u8.ToArray();
        for (int length = 0; length < line.Length; length++)
        {
            if (MetadumpLine.TryRead(line.AsSpan(0, length), _key, out MetadumpLine read))
            {
                Assert.Equal(3, read.KeyLengthBytes);
            }
        }
    }
}
