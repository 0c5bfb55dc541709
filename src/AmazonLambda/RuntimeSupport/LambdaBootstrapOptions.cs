namespace Amazon.Lambda.RuntimeSupport.Bootstrap;

/// <summary>What tests set on a bootstrap; in Lambda the environment says it.</summary>
public class LambdaBootstrapOptions
{
    /// <summary><c>host:port</c> of the Runtime API; null or empty: the environment variable <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string? RuntimeApiEndpoint { get; set; }
}
