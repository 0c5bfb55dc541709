namespace CacheBackup.Aws.Watching;

/// <summary>Events for EventBridge, at most ten.</summary>
internal sealed record PutEventsRequest(IReadOnlyList<PutEventsEntry> Entries);
