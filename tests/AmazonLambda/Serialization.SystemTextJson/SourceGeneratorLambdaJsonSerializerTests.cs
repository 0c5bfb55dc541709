using System.Text;
using System.Text.Json;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace CacheBackup.AmazonLambda.Tests.Serialization.SystemTextJson;

public sealed class SourceGeneratorLambdaJsonSerializerTests
{
    [Fact]
    public void Names_are_the_members_own_whatever_the_context_says_and_nulls_are_left_out()
    {
        // LambdaTestContext asks for snake case: the serializer makes the context anew, with options of its own.
        Assert.Equal("""{"Text":"a"}""", Written(new SourceGeneratorLambdaJsonSerializer<LambdaTestContext>(), new Receipt("a")));
        Assert.Equal("""{"Text":"a","Note":"b"}""", Written(new SourceGeneratorLambdaJsonSerializer<LambdaTestContext>(), new Receipt("a", "b")));
    }

    [Fact]
    public void Customizer_sets_the_naming_policy()
    {
        var serializer = new SourceGeneratorLambdaJsonSerializer<LambdaTestContext>(
            options => options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);

        Assert.Equal("""{"text":"a"}""", Written(serializer, new Receipt("a")));
    }

    [Fact]
    public void Names_are_read_in_any_case() =>
        Assert.Equal(new Order("a", 2), Read<Order>("""{"name":"a","COUNT":2}"""));

    [Fact]
    public void Text_is_written_as_it_is_and_not_escaped_for_html() =>
        Assert.Equal("""{"Text":"<ä&'+>"}""", Written(new SourceGeneratorLambdaJsonSerializer<LambdaTestContext>(), new Receipt("<ä&'+>")));

    [Fact]
    public void Json_that_does_not_fit_names_the_type() =>
        Assert.Contains("Order", Assert.Throws<JsonSerializerException>(() => Read<Order>("""{"Count":"x"}""")).Message);

    [Fact]
    public void Type_that_the_context_does_not_know_is_named()
    {
        var reading = Assert.Throws<JsonSerializerException>(() => Read<Version>("{}"));
        var writing = Assert.Throws<JsonSerializerException>(
            () => Written(new SourceGeneratorLambdaJsonSerializer<LambdaTestContext>(), new Version(1, 0)));

        Assert.Contains("System.Version", reading.Message);
        Assert.Contains("System.Version", writing.Message);
    }

    [Fact]
    public void Response_stream_stays_open()
    {
        using var stream = new MemoryStream();

        new SourceGeneratorLambdaJsonSerializer<LambdaTestContext>().Serialize(new Receipt("a"), stream);

        Assert.True(stream.CanWrite);
    }

    private static T Read<T>(string json) =>
        new SourceGeneratorLambdaJsonSerializer<LambdaTestContext>().Deserialize<T>(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    private static string Written<T>(SourceGeneratorLambdaJsonSerializer<LambdaTestContext> serializer, T value)
    {
        using var stream = new MemoryStream();
        serializer.Serialize(value, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
