namespace Amazon.Lambda.Core;

/// <summary>The weight of a log message, from the least to the most urgent.</summary>
public enum LogLevel
{
    Trace = 0,
    Debug = 1,
    Information = 2,
    Warning = 3,
    Error = 4,
    Critical = 5,
}
