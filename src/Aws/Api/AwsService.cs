namespace CacheBackup.Aws.Api;

/// <summary>A service of AWS that is called without an SDK of its own.</summary>
/// <param name="Title">For messages.</param>
/// <param name="Prefix">Its name in host names, in signatures and in IAM actions, which is one word for each of these.</param>
/// <param name="Setting">What <c>AWS_ENDPOINT_URL_</c> ends with for it.</param>
public sealed record AwsService(string Title, string Prefix, string Setting)
{
    public static readonly AwsService StepFunctions = new("Step Functions", "states", "SFN");
    public static readonly AwsService SecretsManager = new("Secrets Manager", "secretsmanager", "SECRETS_MANAGER");
    public static readonly AwsService ElastiCache = new("ElastiCache", "elasticache", "ELASTICACHE");
    public static readonly AwsService EventBridge = new("EventBridge", "events", "EVENTBRIDGE");

    public override string ToString() => Title;
}
