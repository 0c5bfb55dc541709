namespace Amazon.Lambda.Core;

/// <summary>
/// Where a handler writes its log. Messages may hold named places, <c>"{backup} has {keys} keys"</c>, that are filled from the arguments in
/// their order and become properties of a JSON log. A logger of one's own needs <see cref="Log(string)"/> and <see cref="LogLine"/> only.
/// </summary>
public interface ILambdaLogger
{
    /// <summary>Writes the text as it is, without a line's end.</summary>
    void Log(string message);

    /// <summary>Writes a message at <see cref="LogLevel.Information"/>.</summary>
    void LogLine(string message);

    void Log(string level, string message) => LogLine(message);

    void Log(LogLevel level, string message) => Log(level.ToString(), message);

    void LogTrace(string message) => Log(LogLevel.Trace, message);

    void LogDebug(string message) => Log(LogLevel.Debug, message);

    void LogInformation(string message) => Log(LogLevel.Information, message);

    void LogWarning(string message) => Log(LogLevel.Warning, message);

    void LogError(string message) => Log(LogLevel.Error, message);

    void LogCritical(string message) => Log(LogLevel.Critical, message);

    void Log(string level, string message, params object?[] args) => Log(level, message);

    void Log(string level, Exception exception, string message, params object?[] args)
    {
        Log(level, message, args);
        Log(level, exception.ToString());
    }

    void Log(LogLevel level, string message, params object?[] args) => Log(level.ToString(), message, args);

    void Log(LogLevel level, Exception exception, string message, params object?[] args) => Log(level.ToString(), exception, message, args);

    void LogTrace(string message, params object?[] args) => Log(LogLevel.Trace, message, args);

    void LogTrace(Exception exception, string message, params object?[] args) => Log(LogLevel.Trace, exception, message, args);

    void LogDebug(string message, params object?[] args) => Log(LogLevel.Debug, message, args);

    void LogDebug(Exception exception, string message, params object?[] args) => Log(LogLevel.Debug, exception, message, args);

    void LogInformation(string message, params object?[] args) => Log(LogLevel.Information, message, args);

    void LogInformation(Exception exception, string message, params object?[] args) => Log(LogLevel.Information, exception, message, args);

    void LogWarning(string message, params object?[] args) => Log(LogLevel.Warning, message, args);

    void LogWarning(Exception exception, string message, params object?[] args) => Log(LogLevel.Warning, exception, message, args);

    void LogError(string message, params object?[] args) => Log(LogLevel.Error, message, args);

    void LogError(Exception exception, string message, params object?[] args) => Log(LogLevel.Error, exception, message, args);

    void LogCritical(string message, params object?[] args) => Log(LogLevel.Critical, message, args);

    void LogCritical(Exception exception, string message, params object?[] args) => Log(LogLevel.Critical, exception, message, args);
}
