namespace CacheBackup.Core.Operations;

/// <summary>A new cache could not be made: the engine is not installed, or its server did not start.</summary>
public sealed class ProvisioningException(string message, Exception? innerException = null) : PermanentException(message, innerException);
