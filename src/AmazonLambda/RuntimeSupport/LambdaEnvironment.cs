using System.Globalization;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>What Lambda tells a process by its environment, read once when the process starts.</summary>
internal sealed record LambdaEnvironment
{
    public const string TraceIdVariable = "_X_AMZN_TRACE_ID";

    /// <summary><c>host:port</c> of the Runtime API.</summary>
    public required string RuntimeApi { get; init; }

    public string FunctionName { get; init; } = string.Empty;

    public string FunctionVersion { get; init; } = string.Empty;

    /// <summary>The function's memory in MiB; 0 where the environment does not say.</summary>
    public int MemoryLimitInMB { get; init; }

    public string LogGroupName { get; init; } = string.Empty;

    public string LogStreamName { get; init; } = string.Empty;

    /// <summary>Reads the environment; <paramref name="runtimeApi"/> takes the place of <c>AWS_LAMBDA_RUNTIME_API</c> where it is set.</summary>
    /// <exception cref="InvalidOperationException">The process was not started by Lambda: there is no Runtime API to ask.</exception>
    public static LambdaEnvironment Read(Func<string, string?> variable, string? runtimeApi = null)
    {
        runtimeApi = string.IsNullOrEmpty(runtimeApi) ? variable("AWS_LAMBDA_RUNTIME_API") : runtimeApi;
        if (string.IsNullOrEmpty(runtimeApi))
        {
            throw new InvalidOperationException(
                "AWS_LAMBDA_RUNTIME_API is not set: this program runs in AWS Lambda. On one machine, run cache-backup serve instead.");
        }

        return new LambdaEnvironment
        {
            RuntimeApi = runtimeApi,
            FunctionName = variable("AWS_LAMBDA_FUNCTION_NAME") ?? string.Empty,
            FunctionVersion = variable("AWS_LAMBDA_FUNCTION_VERSION") ?? string.Empty,
            MemoryLimitInMB = int.TryParse(
                variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), NumberStyles.None, CultureInfo.InvariantCulture, out var memory) ? memory : 0,
            LogGroupName = variable("AWS_LAMBDA_LOG_GROUP_NAME") ?? string.Empty,
            LogStreamName = variable("AWS_LAMBDA_LOG_STREAM_NAME") ?? string.Empty,
        };
    }
}
