using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

public sealed class KeyHashTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    /// <summary>The first published vectors of SipHash-2-4 with 128 bits: the text is 0, 1, 2, … of that length.</summary>
    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    public void Plain_function_gives_the_published_values(int length, string expected)
    {
        byte[] text = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        byte[] hash = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(hash, new KeyHash(Secret).OfText(text));
        Assert.Equal(expected, Convert.ToHexStringLower(hash));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(61)]
    public void Key_is_hashed_behind_its_database(int length)
    {
        var hash = new KeyHash(Secret);
        byte[] key = new byte[length];
        Assert.Equal(hash.OfText([3, 0, 0, 0, 0, 0, 0, 0, .. key]), hash.Of(3, key));
        Assert.NotEqual(hash.Of(2, key), hash.Of(3, key));
        Assert.NotEqual(new KeyHash().Of(3, key), new KeyHash().Of(3, key));
    }
}
