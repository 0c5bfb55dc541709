namespace CacheBackup.Core.Restores;

/// <summary>One range of a restore takes longer than one call of a function may: it would begin again for ever.</summary>
public sealed class TargetTooSlowException(string message, Exception? innerException = null) : PermanentException(message, innerException);
