namespace CacheBackup.Core.Buckets;

/// <summary>What can be learned of a bucket by asking it. Null: it was not told, or there is no such thing there.</summary>
public sealed record BucketFacts
{
    public required BucketPresence Presence { get; init; }

    /// <summary>Where the bucket is.</summary>
    public string? Region { get; init; }

    /// <summary>Where it was looked for: the address's Region, else the service's.</summary>
    public string? ExpectedRegion { get; init; }

    /// <summary>The bucket is one of the caller's own account.</summary>
    public bool? IsOwned { get; init; }

    /// <summary>Who may do what by the bucket's access control list; null: the list may not be read.</summary>
    public IReadOnlyList<AccessGrant>? Acl { get; init; }

    /// <summary>By the file's own list, where one was asked for.</summary>
    public IReadOnlyList<AccessGrant>? FileAcl { get; init; }

    /// <summary><c>AES256</c>, <c>aws:kms</c> or <c>aws:kms:dsse</c>: how new objects are encrypted.</summary>
    public string? Encryption { get; init; }

    /// <summary>How the file is encrypted, where one was asked for.</summary>
    public string? FileEncryption { get; init; }

    /// <summary><c>BucketOwnerEnforced</c> (lists are disabled), <c>BucketOwnerPreferred</c> or <c>ObjectWriter</c>.</summary>
    public string? ObjectOwnership { get; init; }

    /// <summary>The bucket's policy as it stands, JSON.</summary>
    public string? Policy { get; init; }
}
