using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An invocation's context: its headers, the process's environment and the clock.</summary>
internal sealed class LambdaContext(
    InvocationHeaders headers, LambdaEnvironment environment, ILambdaLogger logger, ILambdaSerializer? serializer, TimeProvider time) : ILambdaContext
{
    private ClientContext? _clientContext;
    private CognitoIdentity? _identity;

    public InvocationHeaders Headers => headers;

    public string AwsRequestId => headers.AwsRequestId;

    // Read when asked for: malformed JSON of a caller is no reason to fail an invocation that never looks at it.
    public IClientContext ClientContext => _clientContext ??= RuntimeSupport.ClientContext.Parse(headers.ClientContext);

    public string FunctionName => environment.FunctionName;

    public string FunctionVersion => environment.FunctionVersion;

    public ICognitoIdentity Identity => _identity ??= CognitoIdentity.Parse(headers.CognitoIdentity);

    public string InvokedFunctionArn => headers.InvokedFunctionArn;

    public ILambdaLogger Logger => logger;

    public string LogGroupName => environment.LogGroupName;

    public string LogStreamName => environment.LogStreamName;

    public int MemoryLimitInMB => environment.MemoryLimitInMB;

    public TimeSpan RemainingTime => headers.Deadline - time.GetUtcNow();

    public string TenantId => headers.TenantId ?? string.Empty;

    public string TraceId => headers.TraceId ?? string.Empty;

    public ILambdaSerializer? Serializer => serializer;
}
