using System.Globalization;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>What the Runtime API says about an invocation beside the event. Source: Lambda developer guide, "Using the Lambda runtime API".</summary>
internal sealed record InvocationHeaders
{
    // No function may be configured to run longer; it stands in for a deadline that the API did not say.
    private static readonly TimeSpan LongestInvocation = TimeSpan.FromMinutes(15);

    public required string AwsRequestId { get; init; }

    /// <summary>When Lambda stops the invocation.</summary>
    public required DateTimeOffset Deadline { get; init; }

    public string InvokedFunctionArn { get; init; } = string.Empty;

    public string? TraceId { get; init; }

    public string? TenantId { get; init; }

    /// <summary>JSON of the mobile client, if one called.</summary>
    public string? ClientContext { get; init; }

    /// <summary>JSON of the Cognito identity, if one called.</summary>
    public string? CognitoIdentity { get; init; }

    /// <summary>Reads the headers of an event that came just now.</summary>
    /// <exception cref="RuntimeApiClientException">There is no request id: neither a response nor an error could be addressed.</exception>
    public static InvocationHeaders Read(HttpResponseHeaders headers, DateTimeOffset now) => new()
    {
        AwsRequestId = Value(headers, "Lambda-Runtime-Aws-Request-Id")
            ?? throw new RuntimeApiClientException("The Runtime API sent an event without Lambda-Runtime-Aws-Request-Id.", 200),
        Deadline = ReadDeadline(Value(headers, "Lambda-Runtime-Deadline-Ms")) ?? now + LongestInvocation,
        InvokedFunctionArn = Value(headers, "Lambda-Runtime-Invoked-Function-Arn") ?? string.Empty,
        TraceId = Value(headers, "Lambda-Runtime-Trace-Id"),
        TenantId = Value(headers, "Lambda-Runtime-Aws-Tenant-Id"),
        ClientContext = Value(headers, "Lambda-Runtime-Client-Context"),
        CognitoIdentity = Value(headers, "Lambda-Runtime-Cognito-Identity"),
    };

    // HttpHeaders compares names without case, as HTTP asks.
    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && values.FirstOrDefault() is { Length: > 0 } value ? value : null;

    private static DateTimeOffset? ReadDeadline(string? milliseconds) =>
        long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var deadline)
        && deadline <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(deadline)
            : null;
}
