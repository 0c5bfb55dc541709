using CacheBackup.Core.Buckets;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Operations;

namespace CacheBackup.Core.Tests.Buckets;

public sealed class BucketPreflightTests
{
    private const string PolicyForElastiCache =
        """{"Statement":{"Effect":"Allow","Principal":{"Service":"eu-west-1.elasticache-snapshot.amazonaws.com"},"Action":["s3:Get*","s3:ListBucket"],"Resource":["arn:aws:s3:::exports","arn:aws:s3:::exports/*"]}}""";

    private static readonly BucketAddress Address = BucketAddress.Parse("s3://exports/team");
    private static readonly BucketFacts Good = new()
    {
        Presence = BucketPresence.Present,
        Region = "eu-west-1",
        ExpectedRegion = "eu-west-1",
        IsOwned = true,
        Acl = [],
        Encryption = "AES256",
        ObjectOwnership = "BucketOwnerEnforced",
        Policy = PolicyForElastiCache,
    };

    private readonly MemoryBuckets _buckets = new(TimeProvider.System) { Facts = Good };

    [Fact]
    public async Task Good_place_passes_for_everybody_and_for_ElastiCache_and_no_probe_is_left()
    {
        await CheckAsync();
        await CheckAsync(forElastiCache: true);
        Assert.Empty(await _buckets.StoreAt(Address.Location).ListAsync(string.Empty, null, default).ToListAsync());
    }

    [Fact]
    public Task Bucket_that_is_missing_is_named_with_the_command_that_makes_it() =>
        RefusedAsync<BucketNotFoundException>(Good with { Presence = BucketPresence.Missing }, "aws s3 mb s3://exports --region eu-west-1");

    [Fact]
    public Task Bucket_in_another_Region_is_refused_with_both_Regions() =>
        RefusedAsync<BucketOutsideRegionException>(Good with { Region = "us-east-2" }, "s3://exports/team?region=us-east-2");

    [Fact]
    public Task Bucket_of_another_account_is_refused() => RefusedAsync<BucketNotOwnedException>(Good with { IsOwned = false }, "not owned");

    [Fact]
    public Task Caller_who_may_not_look_is_told_the_policy_to_add() =>
        RefusedAsync<BucketForbiddenException>(Good with { Presence = BucketPresence.Forbidden, Region = null }, "\"s3:GetBucketLocation\"");

    [Fact]
    public async Task File_that_is_there_is_refused()
    {
        await _buckets.StoreAt(Address.Location).PutAsync(new ObjectKey("monthly-0002.rdb"), new byte[1], WriteCondition.None, default);
        await RefusedAsync<BucketFileExistsException>(Good, "monthly-0002.rdb");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("find")]
    [InlineData("read")]
    public async Task Refused_reading_is_READ_with_its_policy(string call)
    {
        _buckets.Wrap = files => new RefusingFiles(files, call);
        await RefusedAsync<BucketReadNotGrantedException>(Good, "\"s3:ListBucket\",\"s3:GetObject\"");
        Assert.Empty(await _buckets.StoreAt(Address.Location).ListAsync(string.Empty, null, default).ToListAsync());
    }

    [Theory]
    [InlineData("write")]
    [InlineData("remove")]
    public Task Refused_writing_is_WRITE_with_its_policy(string call)
    {
        _buckets.Wrap = files => new RefusingFiles(files, call);
        return RefusedAsync<BucketWriteNotGrantedException>(Good, "\"s3:PutObject\",\"s3:DeleteObject\"");
    }

    [Fact]
    public Task Unreadable_list_is_READ_ACP_with_its_policy() =>
        RefusedAsync<BucketAclNotGrantedException>(Good with { Acl = null }, "\"s3:GetBucketAcl\"");

    [Fact]
    public async Task Comma_in_the_name_is_refused()
    {
        BucketFileNameException refused = await Assert.ThrowsAsync<BucketFileNameException>(
            () => new BucketPreflight(_buckets).RequireWritableAsync(Address, [BucketFileName.OfExport("a,b", 1)], false, default));
        Assert.Contains("comma", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KMS_encryption_is_refused_for_ElastiCache_alone()
    {
        _buckets.Facts = Good with { Encryption = "aws:kms" };
        await CheckAsync();
        await RefusedAsync<BucketKmsEncryptedException>(_buckets.Facts, "put-bucket-encryption", forElastiCache: true);
    }

    [Fact]
    public async Task Disabled_lists_without_a_policy_are_refused_for_ElastiCache_alone()
    {
        _buckets.Facts = Good with { Policy = null };
        await CheckAsync();
        await RefusedAsync<BucketAclsDisabledException>(_buckets.Facts, "eu-west-1.elasticache-snapshot.amazonaws.com", forElastiCache: true);
    }

    [Fact]
    public async Task Directory_is_checked_too_and_is_nothing_for_ElastiCache()
    {
        using TemporaryDirectory directory = new();
        FolderBuckets folders = new();
        BucketAddress there = BucketAddress.Parse(directory.Path);
        await new BucketPreflight(folders).RequireWritableAsync(there, [BucketFileName.OfExport("a", 1)], false, default);
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory.Path));
        await Assert.ThrowsAsync<BucketForbiddenException>(
            () => new BucketPreflight(folders).RequireWritableAsync(there, [BucketFileName.OfExport("a", 1)], true, default));
        BucketNotFoundException missing = await Assert.ThrowsAsync<BucketNotFoundException>(() => new BucketPreflight(folders).RequireWritableAsync(
            BucketAddress.Parse(directory.Path + "/none"), [BucketFileName.OfExport("a", 1)], false, default));
        Assert.Contains("mkdir", missing.Message, StringComparison.Ordinal);
    }

    private Task CheckAsync(bool forElastiCache = false) => new BucketPreflight(_buckets).RequireWritableAsync(
        Address, [BucketFileName.OfExport("monthly", 1), BucketFileName.OfExport("monthly", 2)], forElastiCache, default);

    private async Task RefusedAsync<T>(BucketFacts facts, string named, bool forElastiCache = false)
        where T : PermanentException
    {
        _buckets.Facts = facts;
        T refused = await Assert.ThrowsAsync<T>(() => CheckAsync(forElastiCache));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private sealed class FolderBuckets : IBuckets
    {
        public IObjectStore OpenStore(BucketAddress address) => throw new NotSupportedException();

        public IBucketFiles OpenFiles(BucketAddress address) => new FolderFiles(address.Location, TimeProvider.System);

        public Task<BucketFacts> ExamineAsync(BucketAddress address, BucketFileName? file, CancellationToken cancellationToken) => Task.FromResult(
            new BucketFacts { Presence = Directory.Exists(address.Location) ? BucketPresence.Present : BucketPresence.Missing });
    }
}
