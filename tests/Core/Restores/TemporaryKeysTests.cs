using System.Text;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Tests.Restores;

public sealed class TemporaryKeysTests
{
    [Theory]
    [InlineData("123456789", 12_739)]
    [InlineData("foo", 12_182)]
    [InlineData("a{foo}b{bar}", 12_182)]
    [InlineData("{}foo", 9_500)]
    [InlineData("", 0)]
    public void KeySlot_is_the_one_that_servers_compute(string key, int slot) => Assert.Equal(slot, KeySlot.Of(Encoding.ASCII.GetBytes(key)));

    [Theory]
    [InlineData("plain")]
    [InlineData("{tag}rest")]
    [InlineData("{open")]
    [InlineData("}{")]
    [InlineData("{}empty tag")]
    [InlineData("")]
    public void Temporary_name_lies_in_the_slot_of_the_final_key(string key)
    {
        byte[] final = Encoding.ASCII.GetBytes(key);
        byte[] name = TemporaryKeys.Of(new ObjectKey("data/one")).Name(final, 17, 4_096);
        Assert.Equal(KeySlot.Of(final), KeySlot.Of(name));
    }

    [Fact]
    public void Temporary_names_of_two_attempts_and_of_two_backups_differ()
    {
        var one = TemporaryKeys.Of(new ObjectKey("data/one"));
        var other = TemporaryKeys.Of(new ObjectKey("data/other"));
        Assert.NotEqual(one.Name("k"u8, 1, 9), one.Name("k"u8, 2, 9));
        Assert.NotEqual(one.Prefix, other.Prefix);
        Assert.StartsWith(one.Prefix, Encoding.ASCII.GetString(one.Name("k"u8, 1, 9)), StringComparison.Ordinal);
    }
}
