using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Writes log messages to standard output, one write each, in the format and from the level on that the function's logging configuration
/// asks for (<c>AWS_LAMBDA_LOG_FORMAT</c>, <c>AWS_LAMBDA_LOG_LEVEL</c>), stamped with the invocation under way.
/// </summary>
internal sealed class LogOutput(TextWriter writer, ILogFormat format, LogLevel leastLevel, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>The invocation that messages belong to; null outside of one.</summary>
    public InvocationHeaders? Invocation { get; set; }

    public static LogOutput FromEnvironment(TextWriter writer, Func<string, string?> variable, TimeProvider time) => new(
        writer,
        string.Equals(variable("AWS_LAMBDA_LOG_FORMAT"), "JSON", StringComparison.OrdinalIgnoreCase) ? new JsonLogFormat() : new TextLogFormat(),
        ParseLevel(variable("AWS_LAMBDA_LOG_LEVEL")),
        time);

    public void Write(LogLevel level, Exception? exception, string template, params object?[] arguments)
    {
        if (level < leastLevel)
        {
            return;
        }

        var line = format.Format(new LogRecord(time.GetUtcNow(), level, Invocation, LogMessage.Render(template, arguments), exception));
        lock (_lock)
        {
            writer.WriteLine(line);
        }
    }

    public void WriteRaw(string text)
    {
        lock (_lock)
        {
            writer.Write(text);
        }
    }

    /// <summary>A level by our name for it or by Lambda's; unknown ones are information.</summary>
    public static LogLevel ParseLevel(string? level) => level?.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "WARN" or "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" or "CRITICAL" => LogLevel.Critical,
        _ => LogLevel.Information,
    };
}
