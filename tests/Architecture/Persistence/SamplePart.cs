namespace CacheBackup.Architecture.Tests.Persistence;

public readonly record struct SamplePart(long SizeBytes, DateTimeOffset? At);
