using Amazon.Lambda.Core;
using CacheBackup.Functions;

namespace CacheBackup.Local.Host;

/// <summary>What a function is told of its call on one machine.</summary>
internal sealed class LocalLambdaContext(string functionName, TimeSpan timeout, TimeProvider time, Action<string> log, CancellationToken stopping)
    : IStoppableContext
{
    private readonly long _start = time.GetTimestamp();

    public CancellationToken Stopping => stopping;

    public string AwsRequestId { get; } = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    public IClientContext ClientContext => throw new NotSupportedException("There is no client context on one machine.");

    public string FunctionName => functionName;

    public string FunctionVersion => "$LATEST";

    public ICognitoIdentity Identity => throw new NotSupportedException("There is no Cognito identity on one machine.");

    public string InvokedFunctionArn => $"arn:aws:lambda:local:000000000000:function:{functionName}";

    public ILambdaLogger Logger { get; } = new LocalLambdaLogger(functionName, log);

    public string LogGroupName => "local";

    public string LogStreamName => "local";

    public int MemoryLimitInMB => 0;

    public TimeSpan RemainingTime => timeout - time.GetElapsedTime(_start);
}
