using System.Text;
using CacheBackup.Core.Memcached;

namespace CacheBackup.Core.Tests.Memcached;

public sealed class MetaReplyTests
{
    [Theory]
    [InlineData("VA 3 f5 t-1", 3, 5u, -1)]
    [InlineData("VA 0 f4294967295 t100", 0, uint.MaxValue, 100)]
    [InlineData("VA 1048576 t7 f0 W X s5", 1048576, 0u, 7)]
    public void A_hit_tells_length_flags_and_seconds_left(string line, int length, uint flags, long left)
    {
        Assert.True(MetaReply.TryRead(Encoding.ASCII.GetBytes(line), out MetaReply reply));
        Assert.Equal(new MetaReply(true, length, flags, left), reply);
    }

    [Theory]
    [InlineData("EN")]
    [InlineData("EN kfoo")]
    public void A_miss_says_so(string line)
    {
        Assert.True(MetaReply.TryRead(Encoding.ASCII.GetBytes(line), out MetaReply reply));
        Assert.False(reply.Exists);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ENX")]
    [InlineData("HD")]
    [InlineData("VA")]
    [InlineData("VA 3")]
    [InlineData("VA 3 f5")]
    [InlineData("VA 3 t5")]
    [InlineData("VA x f5 t-1")]
    [InlineData("VA -1 f5 t-1")]
    [InlineData("VA 1073741825 f5 t-1")]
    [InlineData("VA 3 f-5 t-1")]
    [InlineData("VA 3 f5 t-2")]
    [InlineData("VA 3 f5x t-1")]
    [InlineData("VA 3f5 t-1")]
    [InlineData("SERVER_ERROR out of memory")]
    public void Anything_else_is_no_reply(string line) => Assert.False(MetaReply.TryRead(Encoding.ASCII.GetBytes(line), out _));
}
