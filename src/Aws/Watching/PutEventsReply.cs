namespace CacheBackup.Aws.Watching;

/// <summary>How many of the events were refused, and why, in their order.</summary>
internal sealed record PutEventsReply(int FailedEntryCount = 0, IReadOnlyList<PutEventsOutcome>? Entries = null);
