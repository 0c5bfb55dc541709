namespace CacheBackup.Local.StateMachines.Running;

/// <summary>An event could not be kept: the execution stops where it stands and is resumed when its log can be written again.</summary>
internal sealed class LogUnavailableException(IOException reason) : Exception(reason.Message, reason);
