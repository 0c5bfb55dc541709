namespace CacheBackup.Core.Model;

/// <summary>A serverless ElastiCache cache that a restore is to make. Its name is the new cache's.</summary>
public sealed record ServerlessTarget
{
    public const int MaxSubnets = 16;
    public const int MaxSecurityGroups = 5;

    /// <summary>At most 255 characters.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// Where its endpoints are, <c>subnet-…</c>, of one VPC, each in a zone of its own; at most <see cref="MaxSubnets"/>. Null: those of the
    /// service's configuration, else of the default VPC.
    /// </summary>
    public IReadOnlyList<string>? Subnets { get; init; }

    /// <summary>Security groups, <c>sg-…</c>, at most <see cref="MaxSecurityGroups"/>; null: the VPC's default.</summary>
    public IReadOnlyList<string>? SecurityGroups { get; init; }

    /// <summary>The engine's major version, such as <c>8</c>; null: the newest that ElastiCache has.</summary>
    public string? MajorVersion { get; init; }

    /// <summary>The ARN of the KMS key that it is encrypted with, which the configuration must list; null: AWS's own.</summary>
    public string? KmsKey { get; init; }
}
