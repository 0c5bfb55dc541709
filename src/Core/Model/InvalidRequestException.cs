namespace CacheBackup.Core.Model;

/// <summary>What was asked for breaks a stated rule; the message names the rule.</summary>
public sealed class InvalidRequestException(string message, Exception? innerException = null) : PermanentException(message, innerException);
