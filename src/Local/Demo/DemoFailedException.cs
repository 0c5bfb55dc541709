using CacheBackup.Core;

namespace CacheBackup.Local.Demo;

/// <summary>The demo did not show what it is to show; the message says which step, and why.</summary>
public sealed class DemoFailedException(string message, Exception? innerException = null) : PermanentException(message, innerException);
