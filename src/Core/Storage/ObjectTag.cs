namespace CacheBackup.Core.Storage;

/// <summary>What stands for an object's exact content in a conditional write (S3's ETag). Opaque: compare, never parse.</summary>
public readonly record struct ObjectTag(string Value);
