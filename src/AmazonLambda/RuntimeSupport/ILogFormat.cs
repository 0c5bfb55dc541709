namespace Amazon.Lambda.RuntimeSupport;

/// <summary>How a message looks in the log.</summary>
internal interface ILogFormat
{
    string Format(LogRecord record);
}
