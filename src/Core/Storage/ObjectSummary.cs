namespace CacheBackup.Core.Storage;

/// <summary>An object as LIST shows it.</summary>
public sealed record ObjectSummary(ObjectKey Key, long LengthBytes, ObjectTag Tag, DateTimeOffset WrittenAt);
