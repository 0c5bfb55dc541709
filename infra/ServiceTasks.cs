using CacheBackup.Core.Operations;
using CacheBackup.Infra.Context;
using CacheBackup.Infra.Permissions;

namespace CacheBackup.Infra;

/// <summary>What a state machine must be allowed for the services that it calls without a function.</summary>
internal static class ServiceTasks
{
    private const string ElastiCache = "aws-sdk:elasticache:";

    /// <summary>Tag of everything that this service makes at ElastiCache, with the execution that made it.</summary>
    public const string OwnTag = ManagedTags.Execution;

    /// <exception cref="StackContextException">No permission is known for that integration.</exception>
    public static IEnumerable<Permission> Permissions(string integration, StackArns arns, string machine)
    {
        if (!integration.StartsWith(ElastiCache, StringComparison.Ordinal))
        {
            throw new StackContextException($"{machine}.asl.json calls {integration}, and infra/ServiceTasks.cs has no permission for it.");
        }

        string action = char.ToUpperInvariant(integration[ElastiCache.Length]) + integration[(ElastiCache.Length + 1)..];
        return Of(action, arns) ?? throw new StackContextException(
            $"{machine}.asl.json calls elasticache:{action}, and infra/ServiceTasks.cs has no permission for it.");
    }

    private static IEnumerable<Permission>? Of(string action, StackArns arns) => action switch
    {
        "DescribeReplicationGroups" or "DescribeCacheClusters" or "DescribeServerlessCaches" or "DescribeSnapshots" or "DescribeServerlessCacheSnapshots" =>
            [new Permission([$"elasticache:{action}"], Everything(arns))],
        "CopySnapshot" or "ExportServerlessCacheSnapshot" =>
        [
            new Permission([$"elasticache:{action}"], [StackArns.ElastiCache("snapshot"), StackArns.ElastiCache("serverlesscachesnapshot")]),

            // ElastiCache tries the bucket in the caller's name before it writes there.
            new Permission(["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"], [arns.Exchange]),
            new Permission(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [$"{arns.Exchange}/*"]),
            new Permission(["s3:ListAllMyBuckets"], ["*"]),
        ],
        "DeleteSnapshot" or "DeleteServerlessCacheSnapshot" => [OnlyOwn([$"elasticache:{action}"], Everything(arns))],

        // Where the deployer did not allow it the operation refuses before the machine asks; should it not, this does.
        "DeleteReplicationGroup" or "DeleteCacheCluster" or "DeleteServerlessCache" => arns.Context.AllowDeleteCaches
            ? [OnlyOwn([$"elasticache:{action}"], Everything(arns)), .. NetworkOf(action)]
            : [],
        _ => null,
    };

    /// <summary>What ElastiCache takes away of a cache's network in the caller's name; nothing of it knows a resource.</summary>
    private static Permission[] NetworkOf(string action) => action == "DeleteServerlessCache"
        ? [new Permission(["ec2:DescribeTags"], ["*"])]
        :
        [
            ManagedGrants.ThroughServices(["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"]),
            new Permission(["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DescribeVpcs"], ["*"]),
        ];

    /// <summary>Only what carries our tag: whoever made it, it was not for somebody else.</summary>
    public static Permission OnlyOwn(IReadOnlyList<string> actions, IReadOnlyList<string> resources) => new(actions, resources, new Dictionary<string, IReadOnlyDictionary<string, string>>
    {
        ["Null"] = new Dictionary<string, string> { [$"aws:ResourceTag/{OwnTag}"] = "false" },
    });

    private static string[] Everything(StackArns arns) =>
    [
        StackArns.ElastiCache("replicationgroup"), StackArns.ElastiCache("cluster"), StackArns.ElastiCache("serverlesscache"), StackArns.ElastiCache("snapshot"),
        StackArns.ElastiCache("serverlesscachesnapshot"),
    ];
}
