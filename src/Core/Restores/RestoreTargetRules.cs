using System.Text.RegularExpressions;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Restores;

/// <summary>Whether a restore's target is described as one can be: the rules that need no backup.</summary>
public static partial class RestoreTargetRules
{
    private const int MaxDescription = 255;

    // CreateReplicationGroup in the API reference: up to 500 nodes, from 83 shards with 5 replicas each to 500 without.
    private const int MaxNodes = 500;

    /// <exception cref="InvalidRequestException">A rule is broken; the message names it.</exception>
    public static void Require(RestoreTargetSpec target, EntrySelection? selection)
    {
        if (new object?[] { target.Endpoint, target.Serverless, target.SelfDesigned }.Count(part => part is not null) > 1)
        {
            throw new InvalidRequestException("A restore has one target: an endpoint, a serverless cache, or a self-designed cluster.");
        }

        if (target.Fill == RestoreFill.Load && target.Kind != RestoreTargetKind.Server)
        {
            throw new InvalidRequestException("Only a server that is made here loads a file at its start. Restore with fill \"restore\".");
        }

        if (target.Fill == RestoreFill.Load && selection is not null)
        {
            throw new InvalidRequestException("A server loads a whole file at its start. To take a part of a backup, restore with fill \"restore\".");
        }

        if (target.AllowRefused && (target.Fill == RestoreFill.Load || target.Kind is RestoreTargetKind.Serverless or RestoreTargetKind.SelfDesigned))
        {
            throw new InvalidRequestException(
                "Keys that the target cannot hold are left out where entries are restored one by one, not where a server loads the file (allowRefused).");
        }

        RequireDescription(target.Serverless?.Description ?? target.SelfDesigned?.Description);
        if (target.SelfDesigned is { } cluster)
        {
            RequireShape(cluster);
            RequireNetwork(cluster);
            RequireEngine(cluster);
        }

        if (target.Serverless is { } serverless)
        {
            RequireServerless(serverless);
        }

        if (target.KmsKey is { } key && !KmsKeyArn().IsMatch(key))
        {
            throw new InvalidRequestException("A KMS key is named by its ARN, arn:aws:kms:REGION:ACCOUNT:key/ID: permissions go by it, never by an alias.");
        }
    }

    private static void RequireDescription(string? description)
    {
        if (description?.Length > MaxDescription)
        {
            throw new InvalidRequestException($"A description has at most {MaxDescription} characters; this one has {description.Length}.");
        }
    }

    private static void RequireShape(SelfDesignedTarget cluster)
    {
        if (cluster.ShardCount is < 1 or > SelfDesignedTarget.MaxShards)
        {
            throw new InvalidRequestException($"A cluster has 1 to {SelfDesignedTarget.MaxShards} shards; {cluster.ShardCount} were asked for.");
        }

        if (cluster.ReplicaCount is < 0 or > SelfDesignedTarget.MaxReplicas)
        {
            throw new InvalidRequestException($"A shard has 0 to {SelfDesignedTarget.MaxReplicas} replicas; {cluster.ReplicaCount} were asked for.");
        }

        int nodes = cluster.ShardCount * (1 + cluster.ReplicaCount);
        if (nodes > MaxNodes)
        {
            throw new InvalidRequestException(
                $"{cluster.ShardCount} shards with {cluster.ReplicaCount} replicas each are {nodes} nodes; a cluster has at most {MaxNodes}.");
        }

        if (cluster is { ClusterMode: false, ShardCount: > 1 })
        {
            throw new InvalidRequestException($"{cluster.ShardCount} shards need cluster mode; without it a cluster has one.");
        }

        if (NodeTypes.MaxMemoryOf(cluster.NodeType) is null)
        {
            throw new InvalidRequestException("The node type is none that is known here, such as cache.t4g.medium, cache.m7g.large or cache.r7g.large.");
        }
    }

    private static void RequireNetwork(SelfDesignedTarget cluster)
    {
        if (cluster.SubnetGroup is { } group && !SubnetGroupName().IsMatch(group))
        {
            throw new InvalidRequestException("A subnet group's name has 1 to 255 letters, digits and hyphens.");
        }

        if (cluster.Vpc is { } vpc && !VpcId().IsMatch(vpc))
        {
            throw new InvalidRequestException("A VPC reads vpc- and 8 or 17 hexadecimal digits.");
        }

        RequireSecurityGroups(cluster.SecurityGroups, SelfDesignedTarget.MaxSecurityGroups);
    }

    private static void RequireSecurityGroups(IReadOnlyList<string>? groups, int most)
    {
        if (groups is not null && (groups.Count < 1 || groups.Count > most || !groups.All(id => SecurityGroupId().IsMatch(id))))
        {
            throw new InvalidRequestException($"Security groups are 1 to {most}, each sg- and 8 or 17 hexadecimal digits.");
        }
    }

    private static void RequireEngine(SelfDesignedTarget cluster)
    {
        if (cluster.ParameterGroup is { } group && !ParameterGroupName().IsMatch(group))
        {
            throw new InvalidRequestException("A parameter group's name has 1 to 255 letters, digits, dots and hyphens.");
        }

        if (cluster.EngineVersion is { } version && !EngineVersionText().IsMatch(version))
        {
            throw new InvalidRequestException("An engine version reads like 8.0, 7.1 or 6.x.");
        }

        if (cluster is { MultiAz: true, ReplicaCount: 0 })
        {
            throw new InvalidRequestException("Multi-AZ needs a replica of each shard: ask for replicas, 1 to 5.");
        }
    }

    private static void RequireServerless(ServerlessTarget target)
    {
        RequireSecurityGroups(target.SecurityGroups, ServerlessTarget.MaxSecurityGroups);
        if (target.Subnets is { } subnets
            && (subnets.Count is < 1 or > ServerlessTarget.MaxSubnets || !subnets.All(id => SubnetId().IsMatch(id)) || subnets.Distinct().Count() != subnets.Count))
        {
            throw new InvalidRequestException(
                $"Subnets are 1 to {ServerlessTarget.MaxSubnets}, each once, and each subnet- and 8 or 17 hexadecimal digits.");
        }

        if (target.MajorVersion is { } version && !MajorVersionText().IsMatch(version))
        {
            throw new InvalidRequestException("A major version is a number such as 7 or 8.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9-]{1,255}\\z")]
    private static partial Regex SubnetGroupName();

    [GeneratedRegex("^[A-Za-z0-9.-]{1,255}\\z")]
    private static partial Regex ParameterGroupName();

    [GeneratedRegex("^[0-9]{1,2}(\\.([0-9]{1,3}|x)){1,2}\\z")]
    private static partial Regex EngineVersionText();

    [GeneratedRegex("^[0-9]{1,2}\\z")]
    private static partial Regex MajorVersionText();

    [GeneratedRegex("^subnet-([0-9a-f]{8}|[0-9a-f]{17})\\z")]
    private static partial Regex SubnetId();

    [GeneratedRegex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+\\z")]
    private static partial Regex KmsKeyArn();

    [GeneratedRegex("^vpc-([0-9a-f]{8}|[0-9a-f]{17})\\z")]
    private static partial Regex VpcId();

    [GeneratedRegex("^sg-([0-9a-f]{8}|[0-9a-f]{17})\\z")]
    private static partial Regex SecurityGroupId();
}
