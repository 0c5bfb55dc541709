using CacheBackup.Core.Buckets;

namespace CacheBackup.Core.Tests.Buckets;

public sealed class ElastiCacheAccessTests
{
    private static readonly BucketFileLocation File = new("myBucket", "myFolder/redis-backup.rdb");
    private static readonly BucketFacts Bare = new() { Presence = BucketPresence.Present, Acl = [], FileAcl = [] };

    [Fact]
    public void In_a_default_Region_the_canonical_id_needs_READ_and_READ_ACP_on_bucket_and_file()
    {
        BucketFacts granted = Bare with
        {
            Acl = [new(ElastiCacheAccess.CanonicalId, "READ"), new(ElastiCacheAccess.CanonicalId, "READ_ACP")],
            FileAcl = [new(ElastiCacheAccess.CanonicalId, "FULL_CONTROL")],
        };
        Assert.Empty(ElastiCacheAccess.Missing(granted, "us-east-1", File));
        Assert.Equal(
            ["Read object (READ on the file)", "Read ACL (READ_ACP on the file)"],
            ElastiCacheAccess.Missing(granted with { FileAcl = [new("somebody else", "FULL_CONTROL")] }, "us-east-1", File));
        Assert.Equal(4, ElastiCacheAccess.Missing(Bare, "us-east-1", File).Count);
        Assert.Contains(ElastiCacheAccess.CanonicalId, ElastiCacheAccess.Fix("us-east-1", File), StringComparison.Ordinal);
        Assert.Contains(ElastiCacheAccess.GovCloudCanonicalId, ElastiCacheAccess.Fix("us-gov-west-1", File), StringComparison.Ordinal);
    }

    [Fact]
    public void In_an_opt_in_Region_only_the_bucket_policy_counts_and_each_missing_action_is_named()
    {
        BucketFacts lists = Bare with
        {
            Acl = [new(ElastiCacheAccess.CanonicalId, "FULL_CONTROL")],
            FileAcl = [new(ElastiCacheAccess.CanonicalId, "FULL_CONTROL")],
        };
        Assert.Equal(["s3:GetObject", "s3:ListBucket", "s3:GetBucketAcl"], ElastiCacheAccess.Missing(lists, "ap-east-1", File));
        Assert.DoesNotContain("put-bucket-acl", ElastiCacheAccess.Fix("ap-east-1", File), StringComparison.Ordinal);
    }

    [Fact]
    public void The_policy_that_is_told_as_the_fix_is_enough()
    {
        string policy = ElastiCacheAccess.Policy("ap-east-1", File);
        Assert.Contains("ap-east-1.elasticache-snapshot.amazonaws.com", policy, StringComparison.Ordinal);
        Assert.Empty(ElastiCacheAccess.Missing(Bare with { Policy = policy }, "ap-east-1", File));
        Assert.Equal(3, ElastiCacheAccess.Missing(Bare with { Policy = policy }, "me-south-1", File).Count);
        Assert.Equal(["s3:GetObject"], ElastiCacheAccess.Missing(Bare with { Policy = policy }, "ap-east-1", File with { Key = "other.rdb" }));
    }

    [Theory]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"Service":["x","ap-east-1.elasticache-snapshot.amazonaws.com"]},"Action":"s3:*","Resource":"arn:aws:s3:::myBucket*"}]}""", 0)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{"Bool":{}}}]}""", 0)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:List*","Resource":"*"}]}""", 1)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}""", 0)]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"*","Resource":"*"}]}""", 3)]
    [InlineData("""{"Statement":[7,{"Effect":1},{"Effect":"Allow","Principal":"*","Action":"s3:Get?bject","Resource":"*"}]}""", 2)]
    [InlineData("no JSON", 3)]
    [InlineData("[]", 3)]
    public void Policies_are_read_as_S3_reads_them(string policy, int missing) =>
        Assert.Equal(missing, ElastiCacheAccess.Missing(Bare with { Policy = policy }, "ap-east-1", File).Count);
}
