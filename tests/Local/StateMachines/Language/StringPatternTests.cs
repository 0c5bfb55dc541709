using CacheBackup.Local.StateMachines.Language;

namespace CacheBackup.Local.Tests.StateMachines.Language;

public sealed class StringPatternTests
{
    [Theory]
    [InlineData("log-*.txt", "log-7.txt", true)]
    [InlineData("log-*.txt", "log-.txt", true)]
    [InlineData("log-*.txt", "log-7.txt.gz", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a", "", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b*", "xxbxxaxx", false)]
    [InlineData(@"a\*b", "a*b", true)]
    [InlineData(@"a\*b", "axb", false)]
    [InlineData(@"a\\*", @"a\anything", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("*ab", "aab", true)]
    public void Pattern_matches(string pattern, string text, bool expected)
    {
        Assert.True(StringPattern.IsValid(pattern));
        Assert.Equal(expected, StringPattern.IsMatch(text, pattern));
    }

    [Theory]
    [InlineData(@"a\")]
    [InlineData(@"a\b")]
    public void Backslash_that_escapes_nothing_is_not_a_pattern(string pattern) => Assert.False(StringPattern.IsValid(pattern));

    [Fact]
    public void Pattern_of_many_stars_does_not_take_for_ever() =>
        Assert.False(StringPattern.IsMatch(new string('a', 5_000), string.Concat(Enumerable.Repeat("*a", 500)) + "*b"));
}
