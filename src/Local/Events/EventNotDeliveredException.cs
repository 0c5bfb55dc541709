using CacheBackup.Core;

namespace CacheBackup.Local.Events;

/// <summary>A listener could not be told of an event. No job depends on it: it is logged, and the next event is told.</summary>
public sealed class EventNotDeliveredException(string message, Exception? innerException = null) : PermanentException(message, innerException);
