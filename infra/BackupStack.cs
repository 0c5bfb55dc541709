using Amazon.CDK;
using CacheBackup.Infra.Context;
using CacheBackup.Infra.Permissions;
using Constructs;
using AwsEnvironment = Amazon.CDK.Environment;

namespace CacheBackup.Infra;

/// <summary>All of Cache Backup in one account and Region.</summary>
public sealed class BackupStack : Stack
{
    private BackupStack(Construct scope, StackContext context, string root, string lambdaDirectory, IStackProps props)
        : base(scope, context.Name, props)
    {
        Buckets buckets = new(this, context);
        Network? network = context.Network is { } vpc ? new Network(this, vpc) : null;
        StackArns arns = new(context, buckets.Catalog.BucketArn, buckets.Data.BucketArn, buckets.Exchange.BucketArn, buckets.Key.KeyArn);
        Functions functions = new(this, arns, Settings.Of(context, buckets), network, lambdaDirectory);
        Machines machines = new(this, arns, functions, Path.Combine(root, "statemachines"));
        ExecutionRule rule = new(this, arns, functions);
        Schedules schedules = new(this, machines);
        Api api = new(this, arns, functions);
        Monitoring monitoring = new(this, context, rule, schedules);
        Outputs.Add(this, buckets, api, monitoring, network);
    }

    /// <summary>Checks what the stack needs, and makes it.</summary>
    /// <param name="scope">The app.</param>
    /// <param name="context">What the deployer set.</param>
    /// <param name="root">The folder of <c>statemachines/</c>.</param>
    /// <param name="lambdaDirectory">The folder of the functions' program.</param>
    /// <exception cref="StackContextException">The program was not built, or a handler has no role.</exception>
    public static BackupStack Create(Construct scope, StackContext context, string root, string lambdaDirectory)
    {
        if (!File.Exists(Path.Combine(lambdaDirectory, "bootstrap")))
        {
            throw new StackContextException($"There is no program for the functions in {lambdaDirectory}. Build it first: ./build.sh lambda");
        }

        StackProps props = new()
        {
            Env = new AwsEnvironment
            {
                Account = context.Account ?? System.Environment.GetEnvironmentVariable("CDK_DEFAULT_ACCOUNT"),
                Region = context.Region ?? System.Environment.GetEnvironmentVariable("CDK_DEFAULT_REGION"),
            },
            Description = "Cache Backup: backup and restore for Valkey and Redis OSS",
            // S3's own cost allocation goes by the tags of buckets.
            Tags = new Dictionary<string, string> { ["cache-backup:stack"] = context.Name },
        };
        return new BackupStack(scope, context, root, lambdaDirectory, props);
    }
}
