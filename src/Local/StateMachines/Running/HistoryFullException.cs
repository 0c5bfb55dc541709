namespace CacheBackup.Local.StateMachines.Running;

/// <summary>The execution used up its 25,000 events. Nothing in the definition can catch it.</summary>
internal sealed class HistoryFullException : Exception;
