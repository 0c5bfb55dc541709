namespace CacheBackup.Aws.Tests;

public sealed class S3LocationTests
{
    [Theory]
    [InlineData("s3://my-bucket", "my-bucket", "", "s3://my-bucket")]
    [InlineData("s3://my-bucket/", "my-bucket", "", "s3://my-bucket")]
    [InlineData("s3://my.bucket/a", "my.bucket", "a/", "s3://my.bucket/a")]
    [InlineData("s3://123/a/b/", "123", "a/b/", "s3://123/a/b")]
    public void Location_is_a_bucket_and_a_prefix(string text, string bucket, string keyPrefix, string shown)
    {
        S3Location location = S3Location.Parse(text);

        Assert.Equal((bucket, keyPrefix, shown), (location.Bucket, location.KeyPrefix, location.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("my-bucket")]
    [InlineData("https://my-bucket")]
    [InlineData("s3://")]
    [InlineData("s3:///prefix")]
    [InlineData("s3://ab")]
    [InlineData("s3://My-Bucket")]
    [InlineData("s3://-bucket")]
    [InlineData("s3://buck..et")]
    [InlineData("s3://buck_et")]
    [InlineData("s3://bucket/a//b")]
    [InlineData("s3://bucket/../b")]
    [InlineData("s3://bucket/a b")]
    public void What_is_no_location_is_refused_with_the_text_in_the_message(string text)
    {
        var failure = Assert.Throws<FormatException>(() => S3Location.Parse(text));

        Assert.Contains(text, failure.Message, StringComparison.Ordinal);
    }
}
