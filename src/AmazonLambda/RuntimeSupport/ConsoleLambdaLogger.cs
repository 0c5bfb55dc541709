using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The logger that handlers get: <see cref="LogOutput"/> behind Amazon's interface.</summary>
internal sealed class ConsoleLambdaLogger(LogOutput output) : ILambdaLogger
{
    public void Log(string message) => output.WriteRaw(message);

    public void LogLine(string message) => output.Write(LogLevel.Information, null, message);

    public void Log(string level, string message) => output.Write(LogOutput.ParseLevel(level), null, message);

    public void Log(string level, string message, params object?[] args) => output.Write(LogOutput.ParseLevel(level), null, message, args);

    public void Log(string level, Exception exception, string message, params object?[] args) =>
        output.Write(LogOutput.ParseLevel(level), exception, message, args);
}
