namespace Amazon.Lambda.Core;

/// <summary>What a handler is told about the one invocation that it serves, and about the function that it runs in.</summary>
public interface ILambdaContext
{
    /// <summary>The invocation's id; the same when Lambda retries it.</summary>
    string AwsRequestId { get; }

    /// <summary>What a mobile client sent beside the event; empty for every other caller.</summary>
    IClientContext ClientContext { get; }

    string FunctionName { get; }

    /// <summary>The published version that runs, or <c>$LATEST</c>.</summary>
    string FunctionVersion { get; }

    /// <summary>The Cognito identity that invoked the function; empty for every other caller.</summary>
    ICognitoIdentity Identity { get; }

    /// <summary>The ARN that was invoked, with its version or alias where the caller named one.</summary>
    string InvokedFunctionArn { get; }

    ILambdaLogger Logger { get; }

    string LogGroupName { get; }

    string LogStreamName { get; }

    /// <summary>The function's memory in MiB.</summary>
    int MemoryLimitInMB { get; }

    /// <summary>The time until Lambda stops the invocation: it falls with every reading, and may be negative once the deadline has passed.</summary>
    TimeSpan RemainingTime { get; }

    /// <summary>The tenant of a function with tenant isolation; else empty.</summary>
    string TenantId => string.Empty;

    /// <summary>The X-Ray trace header of the invocation; else empty.</summary>
    string TraceId => string.Empty;

    /// <summary>The serializer that the handler was registered with, if any.</summary>
    ILambdaSerializer? Serializer => null;
}
