namespace CacheBackup.Local.StateMachines.Running;

/// <summary>The recorded events are not what the definition would have recorded: the execution cannot be resumed.</summary>
internal sealed class ReplayMismatchException(string message) : Exception(message);
