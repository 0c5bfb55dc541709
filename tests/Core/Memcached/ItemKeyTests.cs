using CacheBackup.Core.Memcached;

namespace CacheBackup.Core.Tests.Memcached;

public sealed class ItemKeyTests
{
    private readonly byte[] _name = new byte[ItemKey.MaxBytes];
    private readonly byte[] _key = new byte[ItemKey.MaxBytes];

    [Fact]
    public void Every_byte_stands_as_it_is_or_makes_the_key_encoded_and_comes_back()
    {
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            byte[] key = [(byte)'k', (byte)value];
            Assert.True(ItemKey.TryName(key, _name, out int length, out bool isEncoded));
            Assert.Equal(value is <= 0x20 or 0x7f, isEncoded);
            if (isEncoded)
            {
                Assert.True(ItemKey.TryDecode(_name.AsSpan(0, length), _key, out int written));
                Assert.Equal(key, _key[..written]);
            }
            else
            {
                Assert.Equal(key, _name[..length]);
            }
        }
    }

    [Theory]
    [InlineData(250, false, true)]
    [InlineData(251, false, false)]
    [InlineData(186, true, true)]
    [InlineData(187, true, false)]
    [InlineData(0, false, false)]
    public void What_is_too_long_for_a_command_has_no_name(int length, bool isBinary, bool hasName)
    {
        byte[] key = new byte[length];
        key.AsSpan().Fill(isBinary ? (byte)0 : (byte)'k');
        Assert.Equal(hasName, ItemKey.TryName(key, _name, out int written, out bool isEncoded));
        Assert.True(!hasName || (written <= ItemKey.MaxBytes && isEncoded == isBinary));
    }
}
