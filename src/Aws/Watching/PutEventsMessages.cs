namespace CacheBackup.Aws.Watching;

/// <summary>See EventBridge's model 2015-10-07.</summary>
internal sealed record PutEventsRequest(IReadOnlyList<PutEventsEntry> Entries);

/// <param name="Time">Seconds since 1970.</param>
internal sealed record PutEventsEntry(string Source, string DetailType, string Detail, string EventBusName, long Time);

internal sealed record PutEventsReply(int FailedEntryCount = 0, IReadOnlyList<PutEventsOutcome>? Entries = null);

internal sealed record PutEventsOutcome(string? EventId = null, string? ErrorCode = null);
