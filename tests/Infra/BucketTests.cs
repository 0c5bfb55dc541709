using System.Text.Json;
using CacheBackup.Infra.Tests.Policies;

namespace CacheBackup.Infra.Tests;

public sealed class BucketTests(SynthesisedStack stack)
{
    private static readonly string[] Buckets = ["CatalogBucket", "DataBucket", "ExchangeBucket"];

    [Fact]
    public void All_are_kept_save_when_their_own_making_is_taken_back_and_closed_to_the_public_and_owned()
    {
        foreach (ResolvedTemplate template in new[] { stack.Default, stack.WithLock })
        {
            Assert.Equal(3, template.OfType("AWS::S3::Bucket").Count());
            foreach (string id in Buckets)
            {
                JsonElement bucket = template.Only("AWS::S3::Bucket", id);
                Assert.All(bucket.GetProperty("PublicAccessBlockConfiguration").EnumerateObject(), block => Assert.True(block.Value.GetBoolean()));
            }

            Assert.All(
                template.Resources.Where(resource => resource.Value.GetProperty("Type").GetString() is "AWS::S3::Bucket" or "AWS::KMS::Key" or "AWS::Lambda::Version"),
                resource => Assert.Equal(
                    ("RetainExceptOnCreate", "Retain"), (StackTests.Text(resource.Value, "DeletionPolicy"), StackTests.Text(resource.Value, "UpdateReplacePolicy"))));
        }
    }

    [Fact]
    public void Catalog_is_versioned_and_never_locked_and_forgets_old_versions_and_events()
    {
        foreach (ResolvedTemplate template in new[] { stack.Default, stack.WithLock })
        {
            JsonElement catalog = template.Only("AWS::S3::Bucket", "CatalogBucket");
            Assert.Equal("Enabled", StackTests.Text(catalog.GetProperty("VersioningConfiguration"), "Status"));
            Assert.False(catalog.TryGetProperty("ObjectLockEnabled", out _));
            RequireOurKey(catalog);
            JsonElement[] rules = RulesOf(catalog);
            Assert.Contains(rules, rule => Days(rule, "NoncurrentVersionExpiration", "NoncurrentDays") == 30);
            Assert.Contains(rules, rule => StackTests.Text(rule, "Id") == "events" && StackTests.Text(rule, "Prefix") == "events/" && rule.GetProperty("ExpirationInDays").GetInt32() == 14);
        }
    }

    [Fact]
    public void Data_is_versioned_only_where_it_is_locked_and_has_no_default_retention()
    {
        JsonElement open = stack.Default.Only("AWS::S3::Bucket", "DataBucket");
        JsonElement locked = stack.WithLock.Only("AWS::S3::Bucket", "DataBucket");
        RequireOurKey(open);
        Assert.False(open.TryGetProperty("VersioningConfiguration", out _) || open.TryGetProperty("ObjectLockEnabled", out _));
        Assert.True(locked.GetProperty("ObjectLockEnabled").GetBoolean());
        Assert.Equal("Enabled", StackTests.Text(locked.GetProperty("VersioningConfiguration"), "Status"));
        Assert.False(locked.TryGetProperty("ObjectLockConfiguration", out _));
    }

    [Fact]
    public void Uploads_that_nobody_ends_are_aborted_a_day_after_the_longest_execution() => Assert.All(
        Buckets,
        id => Assert.Contains(RulesOf(stack.Default.Only("AWS::S3::Bucket", id)), rule => Days(rule, "AbortIncompleteMultipartUpload", "DaysAfterInitiation") == 8));

    [Fact]
    public void Exchange_is_encrypted_by_s3_itself_unversioned_and_empties_itself()
    {
        JsonElement exchange = stack.Default.Only("AWS::S3::Bucket", "ExchangeBucket");
        Assert.Equal("AES256", StackTests.Text(EncryptionOf(exchange).GetProperty("ServerSideEncryptionByDefault"), "SSEAlgorithm"));
        Assert.False(exchange.TryGetProperty("VersioningConfiguration", out _));
        Assert.Contains(RulesOf(exchange), rule => StackTests.Text(rule, "Id") == "passing" && rule.GetProperty("ExpirationInDays").GetInt32() == 7);
        Assert.Equal("BucketOwnerEnforced", OwnershipOf(exchange));
        Assert.Equal("BucketOwnerPreferred", OwnershipOf(stack.WithLock.Only("AWS::S3::Bucket", "ExchangeBucket")));
    }

    [Theory]
    [InlineData(false, SynthesisedStack.Region)]
    [InlineData(true, SynthesisedStack.OptInRegion)]
    public void Elasticache_of_the_region_may_read_and_write_files_in_the_exchange_bucket_and_nobody_else(bool isOptIn, string region)
    {
        ResolvedTemplate template = isOptIn ? stack.Far : stack.Default;
        Statement[] allowed = [.. PolicyOf(template, "ExchangeBucket").Where(statement => statement.Allows)];
        Assert.All(allowed, statement => Assert.Equal([$"{region}.elasticache-snapshot.amazonaws.com"], statement.Principals));
        Assert.Equal(
            [
                "s3:GetBucketAcl on arn:aws:s3:::exchange-bucket", "s3:GetObject on arn:aws:s3:::exchange-bucket/*", "s3:ListBucket on arn:aws:s3:::exchange-bucket",
                "s3:ListBucketMultipartUploads on arn:aws:s3:::exchange-bucket", "s3:ListMultipartUploadParts on arn:aws:s3:::exchange-bucket/*",
                "s3:PutObject on arn:aws:s3:::exchange-bucket/*",
            ],
            allowed.SelectMany(statement => statement.Actions.SelectMany(action => statement.Resources.Select(resource => $"{action} on {resource}"))).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Policy_of_the_exchange_bucket_satisfies_the_check_that_restores_and_exports_make()
    {
        foreach ((ResolvedTemplate template, string region) in new[] { (stack.Default, SynthesisedStack.Region), (stack.Far, SynthesisedStack.OptInRegion) })
        {
            IReadOnlyList<Statement> policy = PolicyOf(template, "ExchangeBucket");
            Dictionary<string, string> circumstances = new() { ["aws:SecureTransport"] = "true" };
            Assert.True(Policy.Allows(policy, "s3:GetObject", "arn:aws:s3:::exchange-bucket/a.rdb", circumstances), region);
            Assert.True(Policy.Allows(policy, "s3:GetBucketAcl", "arn:aws:s3:::exchange-bucket", circumstances), region);
            Assert.True(Policy.Allows(policy, "s3:ListBucket", "arn:aws:s3:::exchange-bucket", circumstances), region);
        }
    }

    [Fact]
    public void Nothing_goes_in_or_out_without_tls()
    {
        foreach (string bucket in Buckets)
        {
            IReadOnlyList<Statement> policy = PolicyOf(stack.Default, bucket);
            Statement deny = Assert.Single(policy, statement => !statement.Allows);
            string name = bucket.Replace("Bucket", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
            foreach (string resource in new[] { $"arn:aws:s3:::{name}-bucket", $"arn:aws:s3:::{name}-bucket/x" })
            {
                Assert.True(deny.Covers("s3:GetObject", resource, new Dictionary<string, string> { ["aws:SecureTransport"] = "false" }));
                Assert.False(deny.Covers("s3:GetObject", resource, new Dictionary<string, string> { ["aws:SecureTransport"] = "true" }));
            }

            Assert.Equal(["*"], deny.Principals);
        }
    }

    [Fact]
    public void Catalog_and_data_allow_nobody_by_their_own_policies() => Assert.All(
        ["CatalogBucket", "DataBucket"], bucket => Assert.DoesNotContain(PolicyOf(stack.Full, bucket), statement => statement.Allows));

    [Fact]
    public void Key_turns_once_a_year_and_is_ruled_by_the_account_alone()
    {
        JsonElement key = stack.Default.Only("AWS::KMS::Key", "Key");
        Assert.True(key.GetProperty("EnableKeyRotation").GetBoolean());
        Statement root = Assert.Single(stack.Default.Statements(key.GetProperty("KeyPolicy")));
        Assert.Equal(["arn:aws:iam::123456789012:root"], root.Principals);
    }

    [Fact]
    public void Topic_takes_alarms_of_this_account_alone_and_only_by_tls()
    {
        IReadOnlyList<Statement> policy = stack.Default.Statements(stack.Default.Only("AWS::SNS::TopicPolicy", "AlarmTopic").GetProperty("PolicyDocument"));
        Statement allow = Assert.Single(policy, statement => statement.Allows);
        Assert.Equal(["cloudwatch.amazonaws.com"], allow.Principals);
        Assert.Equal([("StringEquals", "aws:SourceAccount", ResolvedTemplate.Account)], allow.Conditions);
        Assert.Contains(policy, statement => !statement.Allows && statement.Conditions is [("Bool", "aws:SecureTransport", "false")]);
    }

    private static IReadOnlyList<Statement> PolicyOf(ResolvedTemplate template, string bucket) =>
        template.Statements(template.Only("AWS::S3::BucketPolicy", bucket).GetProperty("PolicyDocument"));

    private static void RequireOurKey(JsonElement bucket)
    {
        JsonElement rule = EncryptionOf(bucket);
        Assert.True(rule.GetProperty("BucketKeyEnabled").GetBoolean());
        Assert.Equal("aws:kms", StackTests.Text(rule.GetProperty("ServerSideEncryptionByDefault"), "SSEAlgorithm"));
    }

    private static JsonElement EncryptionOf(JsonElement bucket) => bucket.GetProperty("BucketEncryption").GetProperty("ServerSideEncryptionConfiguration")[0];

    private static string OwnershipOf(JsonElement bucket) => StackTests.Text(bucket.GetProperty("OwnershipControls").GetProperty("Rules")[0], "ObjectOwnership");

    private static JsonElement[] RulesOf(JsonElement bucket) => [.. bucket.GetProperty("LifecycleConfiguration").GetProperty("Rules").EnumerateArray()];

    private static int? Days(JsonElement rule, string member, string days) => rule.TryGetProperty(member, out JsonElement value) ? value.GetProperty(days).GetInt32() : null;
}
