using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Tests.Restores;

public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("*", "", true)]
    [InlineData("**", "", false)]
    [InlineData("a*", "", false)]
    [InlineData("user:*", "user:1", true)]
    [InlineData("user:*", "user:", true)]
    [InlineData("user:*", "User:1", false)]
    [InlineData("*:1", "user:1", true)]
    [InlineData("*:1", "user:12", false)]
    [InlineData("u**r*", "user", true)]
    [InlineData("?", "a", true)]
    [InlineData("?", "ab", false)]
    [InlineData("h?llo", "hello", true)]
    [InlineData("h[ae]llo", "hallo", true)]
    [InlineData("h[ae]llo", "hillo", false)]
    [InlineData("h[^e]llo", "hello", false)]
    [InlineData("h[^e]llo", "hbllo", true)]
    [InlineData("h[a-c]llo", "hbllo", true)]
    [InlineData("h[c-a]llo", "hbllo", true)]
    [InlineData("h[a-]llo", "h-llo", false)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[a", "a", true)]
    [InlineData("[", "a", false)]
    [InlineData("[^", "a", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("a\\", "a\\", true)]
    [InlineData("a*b*c", "axxbyyc", true)]
    [InlineData("a*b*c", "axxbyyd", false)]
    [InlineData("caf\u00e9", "caf\u00e9", true)]
    [InlineData("caf?", "caf\u00e9", false)]
    [InlineData("caf??", "caf\u00e9", true)]
    public void Pattern_matches_bytes_as_a_server_does(string pattern, string key, bool matches) =>
        Assert.Equal(matches, GlobPattern.Parse(pattern).Matches(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void Many_stars_do_not_take_for_ever()
    {
        string pattern = string.Concat(Enumerable.Repeat("a*", 400)) + "b";
        Assert.False(GlobPattern.Parse(pattern).Matches(Encoding.ASCII.GetBytes(new string('a', 20_000))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void Pattern_of_no_or_too_many_bytes_is_refused(int length) =>
        Assert.Throws<InvalidRequestException>(() => GlobPattern.Parse(new string('a', length)));
}
