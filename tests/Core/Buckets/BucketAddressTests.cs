using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Tests.Buckets;

public sealed class BucketAddressTests
{
    private static readonly ConfiguredBuckets Configured = new()
    {
        ExportBuckets = [BucketAddress.Parse("s3://bucket/team?region=eu-west-1"), BucketAddress.Parse("/srv/exports")],
        ImportBuckets = [BucketAddress.Parse("s3://myBucket")],
        CopyTargets = [BucketAddress.Parse("s3://bucket/team")],
    };

    [Theory]
    [InlineData("s3://bucket/prefix/", "s3://bucket/prefix", null, null)]
    [InlineData("bucket/folder", "s3://bucket/folder", null, null)]
    [InlineData("s3://b?region=eu-west-1&kms-key=alias/x", "s3://b", "eu-west-1", "alias/x")]
    [InlineData("/srv/../srv/exports/", "/srv/exports", null, null)]
    public void Text_of_a_configuration_is_read(string text, string location, string? region, string? key)
    {
        BucketAddress address = BucketAddress.Parse(text);
        Assert.Equal((location, region, key), (address.Location, address.Region, address.KmsKey));
        Assert.Equal(address, BucketAddress.Parse(address.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s3://")]
    [InlineData("s3://b?colour=red")]
    [InlineData("s3://b?region=")]
    [InlineData("/srv?region=eu-west-1")]
    public void Text_that_names_no_place_is_refused(string text) => Assert.Throws<InvalidRequestException>(() => BucketAddress.Parse(text));

    [Theory]
    [InlineData("s3://bucket/team")]
    [InlineData("bucket/team/monthly")]
    [InlineData("/srv/exports/deep")]
    public void Exports_go_to_the_configured_places_and_below(string location) =>
        Assert.Equal(BucketAddress.Normalize(location), Configured.RequireExport(location).Location);

    [Theory]
    [InlineData("s3://bucket")]
    [InlineData("s3://bucket/teammates")]
    [InlineData("/srv/exports/../private")]
    [InlineData("/srv/exports-of-others")]
    public void Exports_go_nowhere_else(string location) => Assert.Throws<TargetNotConfiguredException>(() => Configured.RequireExport(location));

    [Fact]
    public void Region_of_the_configured_place_goes_with_those_below_it() =>
        Assert.Equal("eu-west-1", Configured.RequireExport("s3://bucket/team/deeper").Region);

    [Fact]
    public void Copies_go_to_exactly_the_configured_places() =>
        Assert.Throws<TargetNotConfiguredException>(() => Configured.RequireCopyTarget("s3://bucket/team/deeper"));

    [Fact]
    public void Caches_are_encrypted_with_configured_keys_alone()
    {
        Configured.RequireCacheKey(null);
        (Configured with { CacheKeys = ["arn:one"] }).RequireCacheKey("arn:one");
        Assert.Contains("cacheKeys", Assert.Throws<TargetNotConfiguredException>(() => Configured.RequireCacheKey("arn:one")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_takes_bucket_folder_and_file_as_one_text()
    {
        (BucketAddress bucket, BucketFileName file) = Configured.RequireImport("myBucket/myFolder/redis-backup.rdb");
        Assert.Equal(("s3://myBucket", "myFolder/redis-backup.rdb"), (bucket.Location, file.Value));
        Assert.Throws<TargetNotConfiguredException>(() => Configured.RequireImport("myBucket"));
        Assert.Throws<InvalidRequestException>(() => Configured.RequireImport("myBucket/../other/file.rdb"));
    }
}
