using CacheBackup.Core;

namespace CacheBackup.Local.Commands;

/// <summary>The command line asks for something that there is not; the message says what to write instead.</summary>
public sealed class BadUsageException(string message, Exception? innerException = null) : PermanentException(message, innerException);
