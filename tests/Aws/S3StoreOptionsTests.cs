namespace CacheBackup.Aws.Tests;

public sealed class S3StoreOptionsTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", "", null)]
    [InlineData(null, "http://all:1", "http://all:1/")]
    [InlineData("https://s3:2", "http://all:1", "https://s3:2/")]
    public void Endpoint_comes_from_the_variable_for_S3_before_that_for_all(string? forS3, string? forAll, string? expected)
    {
        S3StoreOptions options = S3StoreOptions.FromEnvironment(name => name switch
        {
            "AWS_ENDPOINT_URL_S3" => forS3,
            "AWS_ENDPOINT_URL" => forAll,
            _ => null,
        });

        Assert.Equal(expected, options.Endpoint?.AbsoluteUri);
    }

    [Theory]
    [InlineData("localhost:9000")]
    [InlineData("ftp://x")]
    [InlineData("/path")]
    public void Endpoint_that_is_no_address_is_refused(string address)
    {
        var failure = Assert.Throws<FormatException>(() => S3StoreOptions.FromEnvironment(_ => address));

        Assert.Contains("AWS_ENDPOINT_URL_S3", failure.Message, StringComparison.Ordinal);
    }
}
