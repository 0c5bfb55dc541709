namespace CacheBackup.Aws.Watching;

/// <summary>What became of one event.</summary>
internal sealed record PutEventsOutcome(string? EventId = null, string? ErrorCode = null);
