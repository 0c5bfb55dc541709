using Amazon.Lambda.Core;

namespace CacheBackup.Functions.Tests.Api;

/// <summary>A context with time left, whose log can be read.</summary>
internal sealed class InvocationContext : ILambdaContext, ILambdaLogger
{
    public List<string> Lines { get; } = [];

    public string AwsRequestId => "request";

    public IClientContext ClientContext => throw new NotSupportedException();

    public string FunctionName => "Api";

    public string FunctionVersion => "$LATEST";

    public ICognitoIdentity Identity => throw new NotSupportedException();

    public string InvokedFunctionArn => "arn";

    public ILambdaLogger Logger => this;

    public string LogGroupName => "group";

    public string LogStreamName => "stream";

    public int MemoryLimitInMB => 512;

    public TimeSpan RemainingTime { get; init; } = TimeSpan.FromSeconds(15);

    public void Log(string message) => Lines.Add(message);

    public void LogLine(string message) => Lines.Add(message);
}
