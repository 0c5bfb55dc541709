using Amazon.Lambda.Core;

namespace CacheBackup.Local.Host;

/// <summary>Hands a function's log lines to the host.</summary>
internal sealed class LocalLambdaLogger(string functionName, Action<string> log) : ILambdaLogger
{
    public void Log(string message) => log($"{functionName}: {message}");

    public void LogLine(string message) => Log(message);
}
