namespace CacheBackup.Aws.Watching;

/// <summary>One event for a bus.</summary>
/// <param name="Time">Seconds since 1970.</param>
internal sealed record PutEventsEntry(string Source, string DetailType, string Detail, string EventBusName, long Time);
