using Amazon.CDK;
using Constructs;

namespace CacheBackup.Infra;

/// <summary>What whoever deployed the stack looks for next.</summary>
internal static class Outputs
{
    public static void Add(Construct scope, Buckets buckets, Api api, Monitoring monitoring, Network? network)
    {
        Put(scope, "ApiUrl", api.Url, "The API: sign requests with SigV4 for execute-api");
        Put(scope, "CallerPolicy", api.Callers.ManagedPolicyArn, "Attach it to whoever may call the API");
        Put(scope, "CatalogBucketName", buckets.Catalog.BucketName, "Records, events and progress");
        Put(scope, "DataBucketName", buckets.Data.BucketName, "The backups");
        Put(scope, "ExchangeBucketName", buckets.Exchange.BucketName, "Files that ElastiCache reads and writes");
        Put(scope, "KeyArn", buckets.Key.KeyArn, "The key of catalog and data");
        Put(scope, "AlarmTopicArn", monitoring.Topic.TopicArn, "Where alarms go");
        if (network is not null)
        {
            Put(
                scope,
                "FunctionSecurityGroups",
                string.Join(",", network.SecurityGroups.Select(group => group.SecurityGroupId)),
                "Allow it, to the port of each cache, in the cache's own security group");
        }
    }

    private static void Put(Construct scope, string name, string value, string description) =>
        _ = new CfnOutput(scope, name, new CfnOutputProps { Value = value, Description = description });
}
