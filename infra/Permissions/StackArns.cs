using Amazon.CDK;
using CacheBackup.Infra.Context;

namespace CacheBackup.Infra.Permissions;

/// <summary>The ARNs of what the stack is made of, as permissions name them.</summary>
/// <param name="Catalog">The catalog bucket.</param>
/// <param name="Data">The data bucket.</param>
/// <param name="Exchange">The bucket between this service and ElastiCache.</param>
/// <param name="Key">The key of catalog and data.</param>
public sealed record StackArns(StackContext Context, string Catalog, string Data, string Exchange, string Key)
{
    /// <summary>Of a state machine, known before it exists.</summary>
    public string Machine(string name) => Of("states", $"stateMachine:{MachinePrefix}{name}");

    /// <summary>Of every execution of a machine.</summary>
    public string Executions(string machine) => Of("states", $"execution:{MachinePrefix}{machine}:*");

    /// <summary>Of the secrets that may be named as passwords. Secrets Manager adds six characters of its own to a name.</summary>
    public string Secrets => Of("secretsmanager", $"secret:{Context.SecretPrefix}*");

    /// <summary>Of resources of ElastiCache, by their kind.</summary>
    public static string ElastiCache(string kind) => Of("elasticache", $"{kind}:*");

    /// <summary>Of parts of networks, by their kind; a subnet may be shared by another account.</summary>
    public static string Network(string kind) => $"arn:{Aws.PARTITION}:ec2:{Aws.REGION}:*:{kind}/*";

    public static string EventBus(string name) => Of("events", $"event-bus/{name}");

    /// <summary>What the names of the state machines begin with.</summary>
    public string MachinePrefix => MachinePrefixOf(Context);

    public static string MachinePrefixOf(StackContext context) => $"{context.Name}-";

    public static string Bucket(string name) => $"arn:{Aws.PARTITION}:s3:::{name}";

    private static string Of(string service, string resource) => $"arn:{Aws.PARTITION}:{service}:{Aws.REGION}:{Aws.ACCOUNT_ID}:{resource}";
}
