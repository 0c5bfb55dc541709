namespace CacheBackup.Local.StateMachines;

/// <summary>A state failed with an error name of the language: what Retry and Catch look at, and what an execution ends with.</summary>
internal sealed class StateFailedException(string error, string cause) : Exception($"{error}: {cause}")
{
    public string Error { get; } = error;

    public string Cause { get; } = cause;

    /// <summary>When it failed, where an event of the history tells; the delay of a retry counts from here, also after a restart.</summary>
    public DateTimeOffset? At { get; init; }
}
