namespace CacheBackup.Local.StateMachines;

/// <summary>The host has no state machine of this name.</summary>
public sealed class StateMachineDoesNotExistException : Exception
{
    internal StateMachineDoesNotExistException(string machine)
        : base($"There is no state machine '{machine}' on this host.") => Machine = machine;

    /// <summary>The name asked for.</summary>
    public string Machine { get; }
}
