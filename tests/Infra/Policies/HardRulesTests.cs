using System.Text.Json;
using CacheBackup.Fixtures.Recording;
using MachineNames = CacheBackup.Core.Operations.StateMachines;

namespace CacheBackup.Infra.Tests.Policies;

/// <summary>What must never be allowed, whatever a handler would like to call.</summary>
public sealed class HardRulesTests(SynthesisedStack stack)
{
    private const string Data = "arn:aws:s3:::data-bucket/data/x/";

    private static readonly string[] MayRemoveData = ["RemoveBackupObjects", "PurgeLeftovers"];

    // Reports of a verification are taken away by whoever ends it, and the copy of a manifest by whoever unpublishes it: of the data itself, nothing.
    private static readonly string[] MayRemoveNotes =
        ["AbandonBackup", "AbandonCopy", "AbandonExecution", "AbandonImport", "AbandonVerify", "Api", "CompleteVerify", "MendRecords", "PlanBackups"];

    // A copy whose digest is not its source's never becomes part of a backup.
    private static readonly string[] MayRemoveWrongCopies = ["CopyShard"];

    private static readonly string[] Objects = ["shard-0001-a.rdb", "shard-0001-a.index", "shard-0001.json", "owner.json", "manifest.json", "verify/1/shard-0001.json"];

    // What AWS offers no resource for, or only one that does not exist yet.
    private static readonly string[] WithoutResource =
    [
        "s3:ListAllMyBuckets", "elasticache:DescribeEvents",
        "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeSubnets",
        "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
        "ec2:DescribeVpcEndpoints", "ec2:DescribeTags", "ec2:DescribeVpcs",
        "ec2:DescribeSecurityGroups",
        "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
        "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
        "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
    ];

    [Fact]
    public void Only_deletion_and_purge_remove_data()
    {
        foreach (string leaf in Objects)
        {
            string[] able = [.. stack.Full.Functions.Keys.Where(f => Allows(f, "s3:DeleteObject", Data + leaf)).Order()];
            bool isNote = leaf == "manifest.json" || leaf.StartsWith("verify/", StringComparison.Ordinal);
            bool isShard = leaf.Contains("shard-", StringComparison.Ordinal);
            Assert.Empty(able.Except(MayRemoveData).Except(isNote ? MayRemoveNotes : []).Except(isShard ? MayRemoveWrongCopies : []));
            Assert.Equal(MayRemoveData.Order(), able.Intersect(MayRemoveData));
        }
    }

    [Fact]
    public void Only_deletion_removes_records_of_backups_beside_those_that_put_lost_ones_in_order()
    {
        string[] able = [.. stack.Full.Functions.Keys.Where(f => Allows(f, "s3:DeleteObject", "arn:aws:s3:::catalog-bucket/catalog/backups/x")).Order()];
        Assert.Empty(able.Except(["AbandonExecution", "MendRecords", "RemoveBackupRecord"]));
        Assert.Contains("RemoveBackupRecord", able);
    }

    [Fact]
    public void Snapshot_removes_nothing_anywhere() => Assert.DoesNotContain(
        stack.Full.PolicyOfFunction("Snapshot").SelectMany(statement => statement.Actions),
        action => action.StartsWith("s3:Delete", StringComparison.Ordinal));

    [Theory]
    [InlineData(RecordingObjectStore.Data)]
    [InlineData(RecordingObjectStore.Catalog)]
    public void Deletion_that_snapshot_would_call_is_refused(string bucket)
    {
        RecordedCall deletion = new("Snapshot", bucket, "Delete", bucket == RecordingObjectStore.Data ? "data/x/shard-x" : "catalog/backups/x");
        Assert.All(NeedsOfCalls.Of(deletion), need => Assert.False(Policy.Allows(stack.Full.PolicyOfFunction("Snapshot"), need)));
    }

    [Fact]
    public void Restore_writes_no_backups()
    {
        string[] restoring = [.. stack.Full.Functions.Keys.Where(f => f is "ClaimTarget" or "ProvisionCache" or "CheckRestore" || f.Contains("Compare", StringComparison.Ordinal) || f.Contains("Restore", StringComparison.Ordinal))];
        Assert.True(restoring.Length >= 8, string.Join(", ", restoring));
        Assert.Empty(restoring.SelectMany(f => Objects.Where(leaf => Allows(f, "s3:PutObject", Data + leaf)).Select(leaf => $"{f} writes {leaf}")));
    }

    [Fact]
    public void Api_starts_the_listed_machines_uses_the_catalog_and_no_more()
    {
        string[] started = [.. MachineNames.All.Where(name => Allows("Api", "states:StartExecution", $"arn:aws:states:eu-west-1:123456789012:stateMachine:full-{name}")).Order(StringComparer.Ordinal)];
        Assert.Equal(MachineNames.All.Except([MachineNames.Schedule, MachineNames.Purge, MachineNames.VerifySweep]).Order(StringComparer.Ordinal), started);
        Assert.False(Allows("Api", "s3:PutObject", Data + "shard-0001-a.rdb"));
        Assert.DoesNotContain(Objects.Except(["manifest.json"]), leaf => Allows("Api", "s3:DeleteObject", Data + leaf));
        string[] services = [.. stack.Full.PolicyOfFunction("Api").SelectMany(statement => statement.Actions).Select(action => action.Split(':')[0]).Distinct().Order()];
        Assert.Empty(services.Except(["elasticache", "events", "kms", "logs", "s3", "states"]));
        Assert.DoesNotContain(stack.Full.PolicyOfFunction("Api").SelectMany(statement => statement.Actions), action => action.StartsWith("elasticache:", StringComparison.Ordinal) && !action.StartsWith("elasticache:Describe", StringComparison.Ordinal));
    }

    [Fact]
    public void No_action_is_a_pattern_and_no_resource_is_everything_without_a_stated_reason()
    {
        foreach (ResolvedTemplate template in new[] { stack.Default, stack.Full, stack.WithLock })
        {
            foreach ((string id, JsonElement role) in template.OfType("AWS::IAM::Role"))
            {
                foreach (Statement statement in role.GetProperty("Policies").EnumerateArray().SelectMany(policy => template.Statements(policy.GetProperty("PolicyDocument"))))
                {
                    Assert.DoesNotContain(statement.Actions, action => action.Contains('*', StringComparison.Ordinal));
                    if (statement.Resources.Any(resource => resource is "*" || resource.StartsWith("arn:aws:s3:::*", StringComparison.Ordinal)))
                    {
                        Assert.True(!statement.Actions.Except(WithoutResource).Any(), $"{id}: {string.Join(", ", statement.Actions)} on everything");
                    }
                }
            }
        }
    }

    [Fact]
    public void Secrets_of_other_names_and_buckets_that_are_not_configured_are_out_of_reach()
    {
        foreach (string function in stack.Full.Functions.Keys)
        {
            Assert.False(Allows(function, "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:other/shop-AbCdEf"), function);
            foreach (string action in new[] { "s3:GetObject", "s3:PutObject", "s3:DeleteObject" })
            {
                Assert.False(Allows(function, action, "arn:aws:s3:::somebody-elses/x"), function);
            }
        }

        // Where nothing is configured, no other bucket and no key of others is named at all.
        Assert.DoesNotContain(
            stack.Default.Functions.Keys.SelectMany(stack.Default.PolicyOfFunction).Where(statement => statement.Allows).SelectMany(statement => statement.Resources),
            resource => resource.StartsWith("arn:aws:s3:::", StringComparison.Ordinal) && !resource.Contains("-bucket", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_are_used_by_way_of_their_service_alone()
    {
        foreach (string function in stack.Full.Functions.Keys)
        {
            foreach (string key in new[] { "key", "secrets", "others", "caches" })
            {
                Assert.All(
                    ["kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"],
                    action => Assert.False(Allows(function, action, $"arn:aws:kms:eu-west-1:123456789012:key/{key}"), $"{function}: {action} with {key}"));
            }
        }
    }

    [Theory]
    [InlineData("ec2:CreateVpcEndpoint", "vpc-endpoint/vpce-1", "ec2:VpceServiceName", "com.amazonaws.vpce.eu-west-1.vpce-svc-1")]
    [InlineData("ec2:DeleteVpcEndpoints", "vpc-endpoint/vpce-1", "ec2:VpceServiceName", "com.amazonaws.eu-west-1.secretsmanager")]
    [InlineData("ec2:CreateTags", "vpc-endpoint/vpce-1", "ec2:CreateAction", "RunInstances")]
    [InlineData("ec2:CreateTags", "instance/i-1", "ec2:CreateAction", "CreateVpcEndpoint")]
    [InlineData("ec2:CreateNetworkInterface", "network-interface/eni-1", "aws:ViaAWSService", "false")]
    [InlineData("ec2:DeleteNetworkInterface", "network-interface/eni-1", "aws:ViaAWSService", "false")]
    public void Network_is_changed_for_caches_of_elasticache_alone(string action, string resource, string key, string value)
    {
        Dictionary<string, string> circumstances = new() { [key] = value };
        circumstances.TryAdd("aws:RequestTag/AmazonElastiCacheManaged", "true");
        Assert.False(Policy.Allows(stack.Full.PolicyOfFunction("RequestManagedCache"), action, $"arn:aws:ec2:eu-west-1:123456789012:{resource}", circumstances));
    }

    [Theory]
    [InlineData("RequestManagedCache", "serverlesscache:theirs")]
    [InlineData("RequestNativeSnapshot", "snapshot:theirs")]
    public void Nothing_is_tagged_as_ours_in_the_name_of_another_stack(string function, string resource)
    {
        foreach (string? execution in new[] { null, "anything", "arn:aws:states:eu-west-1:123456789012:execution:full-two-restore:shop-1" })
        {
            Dictionary<string, string> tags = execution is null ? [] : new() { [$"aws:RequestTag/{ServiceTasks.OwnTag}"] = execution };
            Assert.False(Policy.Allows(
                stack.Full.PolicyOfFunction(function), "elasticache:AddTagsToResource", $"arn:aws:elasticache:eu-west-1:123456789012:{resource}", tags));
        }
    }

    [Fact]
    public void Machines_and_executions_of_a_stack_whose_name_begins_alike_are_out_of_reach()
    {
        foreach (string function in stack.Full.Functions.Keys)
        {
            Assert.False(Allows(function, "states:DescribeExecution", "arn:aws:states:eu-west-1:123456789012:execution:full-two-backup:x"), function);
            Assert.False(Allows(function, "states:ListExecutions", "arn:aws:states:eu-west-1:123456789012:stateMachine:full-two-backup"), function);
        }

        Assert.True(Allows("Api", "states:DescribeExecution", "arn:aws:states:eu-west-1:123456789012:execution:full-backup:x"));
    }

    [Fact]
    public void Caches_are_deleted_only_where_the_deployer_allowed_it_and_only_ours()
    {
        string[] deleting = ["elasticache:DeleteReplicationGroup", "elasticache:DeleteServerlessCache", "elasticache:DeleteCacheCluster"];
        foreach (string action in deleting)
        {
            foreach ((string id, JsonElement role) in stack.Full.OfType("AWS::IAM::Role"))
            {
                Assert.False(
                    Policy.Allows(Inline(stack.Full, role), action, "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:theirs"), $"{id} may delete caches without our tag");
            }

            Assert.DoesNotContain(stack.Default.OfType("AWS::IAM::Role").SelectMany(role => Inline(stack.Default, role.Properties)).SelectMany(statement => statement.Actions), each => each == action);
        }
    }

    private static IReadOnlyList<Statement> Inline(ResolvedTemplate template, JsonElement role) =>
        [.. role.GetProperty("Policies").EnumerateArray().SelectMany(policy => template.Statements(policy.GetProperty("PolicyDocument")))];

    private bool Allows(string function, string action, string resource) => Policy.Allows(stack.Full.PolicyOfFunction(function), action, resource);
}
