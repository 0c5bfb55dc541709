using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.KMS;
using Amazon.CDK.AWS.S3;
using CacheBackup.Infra.Context;
using Constructs;

namespace CacheBackup.Infra;

/// <summary>
/// The three buckets and the key of the first two. All are kept when the stack is deleted, and their logical ids are frozen: another id
/// would be another bucket, and an empty one.
/// </summary>
internal sealed class Buckets
{
    /// <summary>
    /// Kept when the stack goes and when it is replaced, and not when the deployment that makes it fails: the next attempt would otherwise
    /// leave one more behind.
    /// </summary>
    public const RemovalPolicy Kept = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

    // A day more than the longest execution: an upload that is still open then belongs to nobody.
    private const int UploadDays = 8;
    private const int NoncurrentDays = 30;
    private const int EventDays = 14;
    private const int ExchangeDays = 7;

    public Buckets(Construct scope, StackContext context)
    {
        Key = new Key(scope, "Key", new KeyProps
        {
            Description = $"Catalog and data of {context.Name}",
            EnableKeyRotation = true,
            RemovalPolicy = Kept,
        });
        Catalog = new Bucket(scope, "CatalogBucket", Encrypted(new BucketProps
        {
            Versioned = true,
            LifecycleRules =
            [
                new LifecycleRule { Id = "old-versions", NoncurrentVersionExpiration = Duration.Days(NoncurrentDays), ExpiredObjectDeleteMarker = true },
                new LifecycleRule { Id = "events", Prefix = "events/", Expiration = Duration.Days(EventDays) },
                Uploads(),
            ],
        }));
        Data = new Bucket(scope, "DataBucket", Encrypted(new BucketProps
        {
            // Locked objects are versions; without a lock nothing is ever written twice, and a second version would only cost.
            Versioned = context.ObjectLock is null ? null : true,
            ObjectLockEnabled = context.ObjectLock is null ? null : true,
            LifecycleRules = [Uploads()],
        }));
        Exchange = new Bucket(scope, "ExchangeBucket", new BucketProps
        {
            // ElastiCache reads files from outside with S3's own keys only.
            Encryption = BucketEncryption.S3_MANAGED,
            BlockPublicAccess = BlockPublicAccess.BLOCK_ALL,
            EnforceSSL = true,
            ObjectOwnership = context.ExchangeAcl ? ObjectOwnership.BUCKET_OWNER_PREFERRED : ObjectOwnership.BUCKET_OWNER_ENFORCED,
            RemovalPolicy = Kept,
            LifecycleRules = [new LifecycleRule { Id = "passing", Expiration = Duration.Days(ExchangeDays) }, Uploads()],
        });
        AllowElastiCache(context);
    }

    public Key Key { get; }

    public Bucket Catalog { get; }

    public Bucket Data { get; }

    public Bucket Exchange { get; }

    private static LifecycleRule Uploads() => new() { Id = "left-uploads", AbortIncompleteMultipartUploadAfter = Duration.Days(UploadDays) };

    private BucketProps Encrypted(BucketProps props)
    {
        props.Encryption = BucketEncryption.KMS;
        props.EncryptionKey = Key;
        props.BucketKeyEnabled = true;
        props.BlockPublicAccess = BlockPublicAccess.BLOCK_ALL;
        props.EnforceSSL = true;
        props.ObjectOwnership = ObjectOwnership.BUCKET_OWNER_ENFORCED;
        props.RemovalPolicy = Kept;
        return props;
    }

    /// <summary>
    /// What ElastiCache needs to read a file from here and to write one. It is ElastiCache's documented policy, which has no condition: it does not
    /// tell for whose cache the service asks. <c>docs/design.md</c> says in the threat model what follows from that.
    /// </summary>
    private void AllowElastiCache(StackContext context)
    {
        string region = context.Region ?? Aws.REGION;
        ServicePrincipal service = new($"{region}.elasticache-snapshot.amazonaws.com");
        Exchange.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
        {
            Sid = "ElastiCacheBucket",
            Principals = [service],
            Actions = ["s3:ListBucket", "s3:GetBucketAcl", "s3:ListBucketMultipartUploads"],
            Resources = [Exchange.BucketArn],
        }));
        Exchange.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
        {
            Sid = "ElastiCacheFiles",
            Principals = [service],
            Actions = ["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts"],
            Resources = [Exchange.ArnForObjects("*")],
        }));
    }
}
