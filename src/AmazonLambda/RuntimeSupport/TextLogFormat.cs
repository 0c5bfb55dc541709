using System.Globalization;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Time, request id, level and message between tabs; an exception follows on lines of its own.</summary>
internal sealed class TextLogFormat : ILogFormat
{
    public string Format(LogRecord record)
    {
        var time = record.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var line = $"{time}\t{record.Invocation?.AwsRequestId}\t{Label(record.Level)}\t{record.Message.Text}";
        return record.Exception is null ? line : $"{line}\n{record.Exception}";
    }

    private static string Label(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => "info",
    };
}
