using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>One message of a log, ready to be formatted.</summary>
internal sealed record LogRecord(DateTimeOffset Time, LogLevel Level, InvocationHeaders? Invocation, LogMessage Message, Exception? Exception);
