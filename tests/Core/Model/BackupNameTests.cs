using CacheBackup.Core.Model;
using CsCheck;

namespace CacheBackup.Core.Tests.Model;

public sealed class BackupNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("A1-b-2")]
    [InlineData("abcdefghij-abcdefghij-abcdefghij-abcdefg")]
    public void Names_within_the_rules_are_kept_in_lower_case(string text)
    {
        Assert.Equal(text.ToLowerInvariant(), BackupName.Parse(text).Value);
        Assert.Equal(text.ToLowerInvariant(), CacheName.Parse(text).Value);
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("abcdefghij-abcdefghij-abcdefghij-abcdefgh", "41")]
    [InlineData("a.b", "only letters")]
    [InlineData("a b", "only letters")]
    [InlineData("ä", "only letters")]
    [InlineData("1a", "starts with a letter")]
    [InlineData("-a", "starts with a letter")]
    [InlineData("a--b", "two hyphens")]
    [InlineData("a-", "end with a hyphen")]
    public void Names_that_break_a_rule_are_refused_by_that_rule(string? text, string rule)
    {
        Assert.Contains(rule, Assert.Throws<InvalidRequestException>(() => BackupName.Parse(text)).Message, StringComparison.Ordinal);
        Assert.Contains(rule, Assert.Throws<InvalidRequestException>(() => CacheName.Parse(text)).Message, StringComparison.Ordinal);
        Assert.False(BackupName.TryParse(text, out _));
        Assert.False(CacheName.TryParse(text, out _));
    }

    [Fact]
    public void Any_text_is_a_name_exactly_when_all_rules_hold() => Gen.Char["aZ09-. é"].Array[0, 44].Sample(
        characters =>
        {
            string text = new(characters);
            bool valid = text.Length is >= 1 and <= 40 && char.IsAsciiLetter(text[0]) && text[^1] != '-'
                && !text.Contains("--", StringComparison.Ordinal) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
            Assert.Equal(valid, BackupName.TryParse(text, out BackupName name));
            if (valid)
            {
                Assert.Equal(name, BackupName.FromCatalog(name.Value));
            }
        },
        seed: "0000KOIPe9Q2",
        iter: 20_000);

    [Fact]
    public void An_automatic_name_holds_cache_and_minute_in_utc_and_is_read_back()
    {
        BackupName name = BackupName.Automatic(CacheName.Parse("c"), new DateTimeOffset(2026, 3, 1, 1, 5, 59, TimeSpan.FromHours(2)));
        Assert.Equal("automatic.c-2026-02-28-23-05", name.Value);
        Assert.True(name.IsAutomatic);
        Assert.Equal(name, BackupName.FromCatalog(name.Value));
        Assert.False(BackupName.TryParse(name.Value, out _));
    }

    [Theory]
    [InlineData("automatic.")]
    [InlineData("automatic.-2026-02-28-23-05")]
    [InlineData("automatic.c2026-02-28-23-05")]
    [InlineData("automatic.c-2026-02-30-23-05")]
    [InlineData("automatic.c--2026-02-28-23-05")]
    [InlineData("automatic.c/d-2026-02-28-23-05")]
    [InlineData("other.c-2026-02-28-23-05")]
    public void What_no_window_made_is_not_an_automatic_name(string text) =>
        Assert.Throws<InvalidRequestException>(() => BackupName.FromCatalog(text));

    [Fact]
    public void Statuses_follow_one_another_as_designed_and_no_other_way()
    {
        string[] allowed =
        [
            .. from before in Enum.GetValues<BackupStatus>()
               from after in Enum.GetValues<BackupStatus>()
               where BackupTransitions.Allows(before, after)
               select $"{before}-{after}",
        ];
        Assert.Equal(
            [
                "Creating-Available", "Creating-Failed", "Available-Damaged", "Available-Deleting", "Failed-Creating", "Failed-Deleting",
                "Damaged-Deleting",
            ],
            allowed);
    }
}
