using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using CacheBackup.Core.Buckets;

namespace CacheBackup.Aws;

/// <summary>Asks S3 about one bucket. What the caller may not ask stays unknown.</summary>
internal sealed class S3BucketExamination : IDisposable
{
    // What GetBucketLocation answers for the oldest Regions.
    private const string DefaultRegion = "us-east-1";

    private readonly S3Location _location;
    private readonly AmazonS3Client _client;

    public S3BucketExamination(S3Location location, S3StoreOptions options, AWSCredentials? credentials)
    {
        _location = location;
        AmazonS3Config config = S3ClientConfig.Create(options, options.Retries);
        _client = credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }

    public async Task<BucketFacts> RunAsync(BucketFileName? file, CancellationToken cancellationToken)
    {
        string? region = null;
        BucketPresence presence = await PresenceAsync(found => region = found, cancellationToken);
        var facts = new BucketFacts
        {
            Presence = presence,
            Region = region,
            ExpectedRegion = _client.Config.RegionEndpoint?.SystemName ?? _client.Config.AuthenticationRegion,
            IsOwned = await IsOwnedAsync(cancellationToken),
        };
        if (presence == BucketPresence.Missing)
        {
            return facts;
        }

        facts = facts with
        {
            Acl = await AskAsync(async () => Grants((await _client.GetBucketAclAsync(
                new GetBucketAclRequest { BucketName = _location.Bucket }, cancellationToken)).Grants), cancellationToken),
            Encryption = await AskAsync(() => EncryptionAsync(cancellationToken), cancellationToken),
            ObjectOwnership = await AskAsync(() => OwnershipAsync(cancellationToken), cancellationToken),
            Policy = await AskAsync(() => PolicyAsync(cancellationToken), cancellationToken),
        };
        return file is { } name ? await WithFileAsync(facts, _location.KeyPrefix + name.Value, cancellationToken) : facts;
    }

    public void Dispose() => _client.Dispose();

    private async Task<BucketFacts> WithFileAsync(BucketFacts facts, string key, CancellationToken cancellationToken) => facts with
    {
        FileAcl = await AskAsync(async () => Grants((await _client.GetObjectAclAsync(
            new GetObjectAclRequest { BucketName = _location.Bucket, Key = key }, cancellationToken)).Grants), cancellationToken),
        FileEncryption = await AskAsync(async () => (await _client.GetObjectMetadataAsync(
            new GetObjectMetadataRequest { BucketName = _location.Bucket, Key = key }, cancellationToken)).ServerSideEncryptionMethod?.Value, cancellationToken),
    };

    private async Task<BucketPresence> PresenceAsync(Action<string> found, CancellationToken cancellationToken)
    {
        try
        {
            GetBucketLocationResponse answer = await _client.GetBucketLocationAsync(
                new GetBucketLocationRequest { BucketName = _location.Bucket }, cancellationToken);
            found(answer.Location?.Value switch
            {
                null or "" => DefaultRegion,
                "EU" => "eu-west-1",
                var name => name,
            });
            return BucketPresence.Present;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return BucketPresence.Missing;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Forbidden)
        {
            return BucketPresence.Forbidden;
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException")
        {
            found("another Region");
            return BucketPresence.Present;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && S3Errors.Translate(e, _location, "look at the bucket", isWrite: false) is { } meaning)
        {
            throw meaning;
        }
    }

    private async Task<bool?> IsOwnedAsync(CancellationToken cancellationToken)
    {
        ListBucketsResponse? answer = await AskAsync(() => _client.ListBucketsAsync(cancellationToken)!, cancellationToken);
        return answer is null ? null : (answer.Buckets ?? []).Any(bucket => bucket.BucketName == _location.Bucket);
    }

    private async Task<string?> EncryptionAsync(CancellationToken cancellationToken)
    {
        GetBucketEncryptionResponse answer = await _client.GetBucketEncryptionAsync(
            new GetBucketEncryptionRequest { BucketName = _location.Bucket }, cancellationToken);
        return answer.ServerSideEncryptionConfiguration?.ServerSideEncryptionRules?.FirstOrDefault()
            ?.ServerSideEncryptionByDefault?.ServerSideEncryptionAlgorithm?.Value;
    }

    private async Task<string?> PolicyAsync(CancellationToken cancellationToken)
    {
        GetBucketPolicyResponse answer = await _client.GetBucketPolicyAsync(
            new GetBucketPolicyRequest { BucketName = _location.Bucket }, cancellationToken);
        // For a bucket without one the SDK hands out S3's error document instead of an error.
        return answer.Policy?.TrimStart().StartsWith('{') == true ? answer.Policy : null;
    }

    private async Task<string?> OwnershipAsync(CancellationToken cancellationToken)
    {
        GetBucketOwnershipControlsResponse answer = await _client.GetBucketOwnershipControlsAsync(
            new GetBucketOwnershipControlsRequest { BucketName = _location.Bucket }, cancellationToken);
        return answer.OwnershipControls?.Rules?.FirstOrDefault()?.ObjectOwnership?.Value;
    }

    private static IReadOnlyList<AccessGrant> Grants(IEnumerable<S3Grant>? grants) =>
    [
        .. (grants ?? []).Select(grant => new AccessGrant(grant.Grantee?.CanonicalUser ?? grant.Grantee?.URI ?? string.Empty, grant.Permission?.Value ?? string.Empty)),
    ];

    /// <summary>Null where S3 says no: the caller may not ask, or there is no such configuration.</summary>
    private async Task<T?> AskAsync<T>(Func<Task<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (AmazonS3Exception e) when (e.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError)
        {
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && S3Errors.Translate(e, _location, "look at the bucket", isWrite: false) is { } meaning)
        {
            throw meaning;
        }
    }
}
