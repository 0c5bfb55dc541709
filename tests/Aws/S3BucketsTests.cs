using Amazon.S3;
using Amazon.S3.Model;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;

namespace CacheBackup.Aws.Tests;

/// <summary>What is learned of buckets that are not ours, and their files.</summary>
public sealed class S3BucketsTests(MotoServer moto) : IAsyncLifetime
{
    private static int _made;
    private readonly string _bucket = $"others-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}";
    private AmazonS3Client _client = null!;
    private S3Buckets _buckets = null!;

    private BucketAddress Address => BucketAddress.Parse($"s3://{_bucket}/team");

    public async ValueTask InitializeAsync()
    {
        Uri endpoint = await moto.EndpointAsync();
        _client = new AmazonS3Client(
            MotoBuckets.Credentials,
            new AmazonS3Config { ServiceURL = endpoint.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        _buckets = new S3Buckets(new S3StoreOptions { Endpoint = endpoint }, TimeProvider.System, MotoBuckets.Credentials);
        await _client.PutBucketAsync(_bucket);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _buckets.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Bucket_of_ours_is_told_with_Region_owner_and_list()
    {
        BucketFacts facts = await _buckets.ExamineAsync(Address, null, default);
        Assert.Equal((BucketPresence.Present, "us-east-1", "us-east-1", true), (facts.Presence, facts.Region, facts.ExpectedRegion, facts.IsOwned));
        Assert.NotEmpty(facts.Acl!);
        Assert.Null(facts.Policy);
        await new BucketPreflight(_buckets).RequireWritableAsync(Address, [BucketFileName.OfExport("monthly", 1)], false, default);
        Assert.Empty((await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket })).S3Objects ?? []);
    }

    [Fact]
    public async Task Bucket_that_is_missing_is_told()
    {
        BucketAddress missing = BucketAddress.Parse("s3://there-is-no-such-bucket");
        Assert.Equal(BucketPresence.Missing, (await _buckets.ExamineAsync(missing, null, default)).Presence);
        await Assert.ThrowsAsync<BucketNotFoundException>(
            () => new BucketPreflight(_buckets).RequireWritableAsync(missing, [BucketFileName.OfExport("monthly", 1)], false, default));
    }

    [Fact]
    public async Task Bucket_in_another_Region_is_told()
    {
        string other = $"{_bucket}-eu";
        await _client.PutBucketAsync(new PutBucketRequest { BucketName = other, BucketRegionName = "eu-west-1" });
        BucketFacts facts = await _buckets.ExamineAsync(BucketAddress.Parse($"s3://{other}"), null, default);
        Assert.Equal(("eu-west-1", "us-east-1"), (facts.Region, facts.ExpectedRegion));
        facts = await _buckets.ExamineAsync(BucketAddress.Parse($"s3://{other}?region=eu-west-1"), null, default);
        Assert.Equal(facts.Region, facts.ExpectedRegion);
    }

    [Fact]
    public async Task Encryption_ownership_and_policy_are_told()
    {
        await _client.PutBucketEncryptionAsync(new PutBucketEncryptionRequest
        {
            BucketName = _bucket,
            ServerSideEncryptionConfiguration = new ServerSideEncryptionConfiguration
            {
                ServerSideEncryptionRules =
                [
                    new() { ServerSideEncryptionByDefault = new() { ServerSideEncryptionAlgorithm = ServerSideEncryptionMethod.AWSKMS } },
                ],
            },
        });
        await _client.PutBucketOwnershipControlsAsync(new PutBucketOwnershipControlsRequest
        {
            BucketName = _bucket,
            OwnershipControls = new OwnershipControls { Rules = [new() { ObjectOwnership = ObjectOwnership.BucketOwnerEnforced }] },
        });
        BucketFileLocation file = BucketFileLocation.Of(Address, BucketFileName.Parse("redis-backup.rdb"));
        Assert.Equal("team/redis-backup.rdb", file.Key);
        await _client.PutBucketPolicyAsync(_bucket, ElastiCacheAccess.Policy("us-east-1", file));
        BucketFacts facts = await _buckets.ExamineAsync(Address, null, default);
        Assert.Equal(("aws:kms", "BucketOwnerEnforced"), (facts.Encryption, facts.ObjectOwnership));
        Assert.Empty(ElastiCacheAccess.Missing(facts, "us-east-1", file));
    }

    [Fact]
    public async Task Files_have_any_name_and_are_never_replaced()
    {
        IBucketFiles files = _buckets.OpenFiles(Address);
        BucketFileName name = BucketFileName.OfExport(new string('ä', 490), 1);
        MemoryObjectStore ours = new(TimeProvider.System);
        ObjectKey key = new("data/one.rdb");
        byte[] content = "the bytes of a data file"u8.ToArray();
        await ours.PutAsync(key, content, WriteCondition.None, default);
        RecordedObject recorded = new(ours, key, content.Length, new(System.Security.Cryptography.SHA256.HashData(content)));

        await files.WriteAsync(name, recorded, null, default);
        Assert.Equal(content.Length, (await files.FindAsync(name, default))!.LengthBytes);
        await Assert.ThrowsAsync<PreconditionFailedException>(() => files.WriteAsync(name, recorded, null, default));
        await files.RemovePartialAsync(name, default);
        Assert.Empty((await _client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _bucket })).MultipartUploads ?? []);
        await files.RemoveAsync(name, default);
        Assert.Null(await files.FindAsync(name, default));
    }

    [Fact]
    public async Task Refusals_of_S3_stay_unknown_and_its_absence_is_an_error()
    {
        await using var refusing = new ScriptedServer(ScriptedAnswer.Error(403, "AccessDenied"));
        using S3Buckets refused = new(new S3StoreOptions { Endpoint = refusing.Endpoint, Retries = 0 }, TimeProvider.System, MotoBuckets.Credentials);
        BucketFacts facts = await refused.ExamineAsync(Address, BucketFileName.Parse("x.rdb"), default);
        Assert.Equal(BucketPresence.Forbidden, facts.Presence);
        Assert.Null(facts.IsOwned);
        Assert.Null(facts.Acl);
        Assert.Null(facts.FileEncryption);

        await using var away = new ScriptedServer(ScriptedAnswer.Reset);
        using S3Buckets unreachable = new(new S3StoreOptions { Endpoint = away.Endpoint, Retries = 0 }, TimeProvider.System, MotoBuckets.Credentials);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => unreachable.ExamineAsync(Address, null, default));
    }

    [Fact]
    public async Task Redirect_to_another_Region_is_a_bucket_elsewhere()
    {
        await using var s3 = new ScriptedServer(ScriptedAnswer.Error(301, "PermanentRedirect"), ScriptedAnswer.Error(403, "AccessDenied"));
        using S3Buckets buckets = new(new S3StoreOptions { Endpoint = s3.Endpoint, Retries = 0 }, TimeProvider.System, MotoBuckets.Credentials);
        BucketFacts facts = await buckets.ExamineAsync(Address, null, default);
        Assert.Equal(BucketPresence.Present, facts.Presence);
        Assert.NotEqual(facts.ExpectedRegion, facts.Region);
    }
}
