namespace CacheBackup.Infra.Tests.Policies;

/// <summary>The evaluator itself: a check that says yes to everything would prove nothing.</summary>
public sealed class PolicyTests
{
    private static readonly Statement Read = new(true, ["s3:Get*"], ["arn:aws:s3:::bucket/data/*"], [], []);

    [Theory]
    [InlineData("s3:GetObject", "arn:aws:s3:::bucket/data/x", true)]
    [InlineData("S3:getobject", "arn:aws:s3:::bucket/data/x/y", true)]
    [InlineData("s3:PutObject", "arn:aws:s3:::bucket/data/x", false)]
    [InlineData("s3:GetObject", "arn:aws:s3:::bucket/other/x", false)]
    [InlineData("s3:GetObject", "arn:aws:s3:::BUCKET/data/x", false)]
    public void Statement_covers_its_actions_on_its_resources(string action, string resource, bool allowed) =>
        Assert.Equal(allowed, Policy.Allows([Read], action, resource));

    [Fact]
    public void Denial_is_stronger_than_any_permission() =>
        Assert.False(Policy.Allows([Read, Read with { Allows = false, Actions = ["*"], Resources = ["*"] }], "s3:GetObject", "arn:aws:s3:::bucket/data/x"));

    [Theory]
    [InlineData("StringEquals", "key", "value", "value", true)]
    [InlineData("StringEquals", "key", "value", "other", false)]
    [InlineData("StringEquals", "key", "value", null, false)]
    [InlineData("StringLike", "key", "v*", "value", true)]
    [InlineData("StringLike", "key", "v*", null, false)]
    [InlineData("Null", "key", "false", "value", true)]
    [InlineData("Null", "key", "false", null, false)]
    [InlineData("Bool", "key", "false", null, true)]
    [InlineData("Bool", "key", "false", "true", false)]
    [InlineData("NumericLessThan", "key", "1.2", "1.1", true)]
    [InlineData("NumericLessThan", "key", "1.2", "1.3", false)]
    public void Condition_holds_as_iam_has_it(string condition, string key, string wanted, string? found, bool holds)
    {
        Dictionary<string, string> circumstances = found is null ? [] : new() { [key] = found };
        Assert.Equal(holds, Policy.Allows([Read with { Conditions = [(condition, key, wanted)] }], "s3:GetObject", "arn:aws:s3:::bucket/data/x", circumstances));
    }

    [Fact]
    public void Condition_that_is_not_known_is_never_passed_over() => Assert.Throws<InvalidOperationException>(
        () => Policy.Allows([Read with { Conditions = [("IpAddress", "aws:SourceIp", "10.0.0.0/8")] }], "s3:GetObject", "arn:aws:s3:::bucket/data/x"));

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "abcd", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("data/*/manifest.json", "data/x/manifest.json", true)]
    [InlineData("data/*/manifest.json", "data/x/shard-1", false)]
    public void Wildcards_stand_for_any_text_and_for_one_character(string pattern, string text, bool matches) =>
        Assert.Equal(matches, Wildcard.Matches(pattern, text, StringComparison.Ordinal));
}
