using System.Security.Cryptography;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Buckets;

/// <summary>
/// Finds out before any work whether a bucket or a directory can be used, and names what is wrong with it: one exception type for each
/// outcome, with the fix as a policy document or a command. The outcomes are those of ElastiCache's CopySnapshot, and three more that its
/// users run into.
/// </summary>
public sealed class BucketPreflight(IBuckets buckets)
{
    private static readonly string[] ReadActions = ["s3:ListBucket", "s3:GetObject"];
    private static readonly string[] WriteActions = ["s3:PutObject", "s3:DeleteObject"];
    private static readonly byte[] Probe = "A check of Cache Backup; it may be removed."u8.ToArray();

    /// <summary>Checks that files of these names can be written, and that none of them is there.</summary>
    /// <param name="forElastiCache">ElastiCache is to be able to read them as well.</param>
    public async Task RequireWritableAsync(
        BucketAddress address, IReadOnlyList<BucketFileName> names, bool forElastiCache, CancellationToken cancellationToken)
    {
        foreach (BucketFileName name in names)
        {
            RequireNoComma(name);
        }

        BucketFacts facts = await ExamineAsync(address, names[0], forElastiCache, cancellationToken);
        if (!address.IsDirectory && facts.Acl is null)
        {
            throw new BucketAclNotGrantedException(
                $"The access control list of {address.Bucket} (READ_ACP) may not be read. {RoleFix(address, ["s3:GetBucketAcl"])}");
        }

        IBucketFiles files = buckets.OpenFiles(address);
        await RequireReadableAsync(address, files.RequireListingAsync, cancellationToken);
        foreach (BucketFileName name in names)
        {
            await RequireReadableAsync(address, token => RequireAbsentAsync(address, files, name, token), cancellationToken);
        }

        await TryWritingAsync(address, files, cancellationToken);
        if (forElastiCache)
        {
            // The files themselves are not there yet: what the bucket's policy says of them is all that can be asked.
            RequireElastiCache(facts with { FileAcl = facts.Acl }, address, names[0]);
        }
    }

    /// <summary>Checks that a file can be read, and that it is there.</summary>
    public async Task<BucketFile> RequireReadableAsync(
        BucketAddress address, BucketFileName name, bool forElastiCache, CancellationToken cancellationToken)
    {
        BucketFacts facts = await ExamineAsync(address, name, forElastiCache, cancellationToken);
        IBucketFiles files = buckets.OpenFiles(address);
        BucketFile? found = null;
        await RequireReadableAsync(address, files.RequireListingAsync, cancellationToken);
        await RequireReadableAsync(address, async token => found = await files.FindAsync(name, token), cancellationToken);
        if (found is null)
        {
            throw new BucketNotFoundException(
                $"There is no file '{name}' in {address.Location}. Look at its name (capitals count) and at its folder.");
        }

        if (forElastiCache)
        {
            RequireNoComma(name);
            RequireElastiCache(facts, address, name);
        }

        return found;
    }

    private async Task<BucketFacts> ExamineAsync(
        BucketAddress address, BucketFileName file, bool forElastiCache, CancellationToken cancellationToken)
    {
        BucketFacts facts = await buckets.ExamineAsync(address, forElastiCache ? file : null, cancellationToken);
        string what = address.IsDirectory ? "directory" : "bucket";
        if (facts.Presence == BucketPresence.Missing)
        {
            throw new BucketNotFoundException($"The {what} {address.Bucket} does not exist. Create it: {CreateCommand(address, facts)}");
        }

        if (facts.Region is { } region && facts.ExpectedRegion is { } expected && region != expected)
        {
            throw new BucketOutsideRegionException(
                $"The bucket {address.Bucket} is in {region}, outside of the Region {expected}. List it with its own Region "
                + $"({address.Location}?region={region}), or use a bucket in {expected}.");
        }

        if (facts.Presence == BucketPresence.Forbidden)
        {
            throw new BucketForbiddenException(
                $"The caller does not have sufficient permissions to look at {address.Bucket}. {RoleFix(address, ["s3:GetBucketLocation", .. ReadActions, .. WriteActions])}");
        }

        if (facts.IsOwned == false)
        {
            throw new BucketNotOwnedException(
                $"The bucket {address.Bucket} is not owned by this account. Use one of your own (aws s3 ls shows them), and replicate from there.");
        }

        if (forElastiCache && address.IsDirectory)
        {
            throw new BucketForbiddenException($"ElastiCache reads from S3 alone, and {address.Location} is a directory of this machine. Name a bucket.");
        }

        return facts;
    }

    private static void RequireElastiCache(BucketFacts facts, BucketAddress address, BucketFileName name)
    {
        if ((facts.FileEncryption ?? facts.Encryption)?.StartsWith("aws:kms", StringComparison.Ordinal) == true)
        {
            throw new BucketKmsEncryptedException(
                $"{address.Bucket} encrypts with a KMS key, and ElastiCache reads only what S3 encrypts with its own (SSE-S3). Use another bucket, or: "
                + $"aws s3api put-bucket-encryption --bucket {address.Bucket} --server-side-encryption-configuration "
                + """'{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}', and write the files anew.""");
        }

        string region = facts.Region ?? facts.ExpectedRegion ?? "us-east-1";
        BucketFileLocation location = BucketFileLocation.Of(address, name);
        IReadOnlyList<string> missing = ElastiCacheAccess.Missing(facts, region, location);
        if (missing.Count == 0)
        {
            return;
        }

        if (facts.ObjectOwnership == "BucketOwnerEnforced" && !ElastiCacheAccess.IsOptIn(region))
        {
            throw new BucketAclsDisabledException(
                $"The access control lists of {address.Bucket} are disabled, and its policy does not let ElastiCache in. "
                + $"Add this to the bucket's policy: {ElastiCacheAccess.Policy(region, location)} Or enable them: aws s3api put-bucket-ownership-controls "
                + $"--bucket {address.Bucket} --ownership-controls 'Rules=[{{ObjectOwnership=BucketOwnerPreferred}}]'");
        }

        throw new BucketReadNotGrantedException(
            $"ElastiCache in {region} has not been granted: {string.Join(", ", missing)}. {ElastiCacheAccess.Fix(region, location)}");
    }

    private static void RequireNoComma(BucketFileName name)
    {
        if (name.HasComma)
        {
            throw new BucketFileNameException($"'{name}' has a comma in it, and ElastiCache reads no such file. Choose a name without.");
        }
    }

    private static async Task RequireAbsentAsync(
        BucketAddress address, IBucketFiles files, BucketFileName name, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(name, cancellationToken) is not null)
        {
            throw new BucketFileExistsException($"{address.Location} already contains a file {name}. Choose another name; an export replaces nothing.");
        }
    }

    private static async Task RequireReadableAsync(BucketAddress address, Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        try
        {
            await ask(cancellationToken);
        }
        catch (StoreAccessDeniedException e)
        {
            throw new BucketReadNotGrantedException(
                $"READ is not granted on {address.Location}. {(address.IsDirectory ? e.Message : RoleFix(address, ReadActions))}", e);
        }
    }

    private static async Task TryWritingAsync(BucketAddress address, IBucketFiles files, CancellationToken cancellationToken)
    {
        BucketFileName probe = BucketFileName.Parse($"cache-backup-check-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        await RequireWriteAsync(address, () => files.WriteAsync(probe, Probe, cancellationToken));
        try
        {
            await RequireReadableAsync(
                address,
                async token =>
                {
                    await using ObjectContent content = await files.ReadAsync(probe, null, token);
                },
                cancellationToken);
        }
        finally
        {
            await RequireWriteAsync(address, () => files.RemoveAsync(probe, cancellationToken));
        }
    }

    private static async Task RequireWriteAsync(BucketAddress address, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (StoreAccessDeniedException e)
        {
            throw new BucketWriteNotGrantedException(
                $"WRITE is not granted on {address.Location}. {(address.IsDirectory ? e.Message : RoleFix(address, WriteActions))}", e);
        }
    }

    private static string RoleFix(BucketAddress address, string[] actions) =>
        "Add this to the policy of the service's role: "
        + BucketPolicy.Allowing(null, null, actions, [$"arn:aws:s3:::{address.Bucket}", $"arn:aws:s3:::{address.Bucket}/*"]);

    private static string CreateCommand(BucketAddress address, BucketFacts facts) => address.IsDirectory
        ? $"mkdir -p '{address.Location}'"
        : $"aws s3 mb s3://{address.Bucket}{(facts.ExpectedRegion is { } region ? $" --region {region}" : string.Empty)}";
}
