namespace CacheBackup.Core.Rewrites;

/// <summary>One file that was written.</summary>
public sealed record RewrittenFile(long Keys, long KeysWithExpiry, long SizeBytes, ulong Crc64);
