using CacheBackup.Core.Model;

namespace CacheBackup.Core.Tests.Model;

public sealed class TagRulesTests
{
    public static TheoryData<string, string> Refused => new()
    {
        { "", "v" },
        { new string('k', 129), "v" },
        { "k", new string('v', 257) },
        { "aws:owner", "v" },
        { "cache-backup:cache", "v" },
        { "AWS:owner", "v" },
        { "k\n", "v" },
        { "k", "a,b" },
        { "k", "\u0000" },
    };

    [Fact]
    public void The_longest_keys_values_and_lists_are_taken()
    {
        Tag longest = new(new string('k', 128), new string('v', 256));
        Assert.Equal([longest], TagRules.Check([longest]));
        Assert.Equal(50, TagRules.Check([.. Enumerable.Range(0, 50).Select(i => new Tag($"k{i}", string.Empty))]).Count);
        Tag signs = new("Straße + - = . _ : / @", "ключ 1");
        Assert.Equal([signs], TagRules.Check([signs]));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_breaks_a_rule_is_refused_by_its_place(string key, string value)
    {
        var refused = Assert.Throws<InvalidRequestException>(() => TagRules.Check([new Tag("good", "v"), new Tag(key, value)]));
        Assert.StartsWith("Tag 2 is refused: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_51st_tag_and_a_key_twice_are_refused_and_case_matters()
    {
        Assert.Throws<InvalidRequestException>(() => TagRules.Check([.. Enumerable.Range(0, 51).Select(i => new Tag($"k{i}", "v"))]));
        Assert.Throws<InvalidRequestException>(() => TagRules.Check([new Tag("a", "1"), new Tag("a", "2")]));
        Assert.Equal(2, TagRules.Check([new Tag("a", "1"), new Tag("A", "2")]).Count);
    }
}
