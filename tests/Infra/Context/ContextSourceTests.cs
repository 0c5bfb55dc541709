using System.Text.Json;
using CacheBackup.Infra.Context;

namespace CacheBackup.Infra.Tests.Context;

/// <summary>What the CDK command hands over, with what its user said by <c>-c</c>.</summary>
public sealed class ContextSourceTests
{
    private const string File = """{"cacheBackup": {"name": "mine", "region": "eu-west-1", "exportBuckets": ["s3://one"]}, "@aws-cdk/core:x": true}""";

    [Fact]
    public void Object_of_the_file_is_taken_as_it_is() => Assert.Equal("mine", Read(File).Name);

    [Fact]
    public void What_is_said_at_the_command_is_laid_over_the_file_and_replaces_nothing_else()
    {
        StackContext context = Read("""{"cacheBackup": "{\"region\": \"eu-central-1\", \"maxRunning\": 3}"}""");
        Assert.Equal(("mine", "eu-central-1", 3, 1), (context.Name, context.Region, context.MaxRunning, context.ExportBuckets.Count));
    }

    [Theory]
    [InlineData("""{"cacheBackup": "{"}""", "no JSON")]
    [InlineData("""{"cacheBackup": "[1]"}""", "is an object")]
    [InlineData("""{"vpcId": "vpc-01234567"}""", "-c cacheBackup='{\"vpcId\": …}'")]
    [InlineData("""{"cacheBackup.vpcId": "vpc-01234567"}""", "-c cacheBackup='{\"vpcId\": …}'")]
    [InlineData("""{"cacheBackup": {}, "name": "mine"}""", "cdk.json")]
    public void What_nobody_would_read_is_refused_with_where_to_write_it(string given, string told) =>
        Assert.Contains(told, Assert.Throws<StackContextException>(() => Read(given)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_not_ours_is_none_of_our_business() => Assert.Null(ContextSource.Of(Json("""{"availability-zones:account=1": ["a"]}"""), null));

    private static StackContext Read(string given) => StackContext.Parse(ContextSource.Of(Json(given), Json(File)));

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
