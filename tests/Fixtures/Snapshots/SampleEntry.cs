namespace CacheBackup.Fixtures.Snapshots;

/// <summary>A string of a <see cref="SampleRdb"/>.</summary>
public sealed record SampleEntry(string Key, string Value, long? ExpireAtMilliseconds = null, int Database = 0);
