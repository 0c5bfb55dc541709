namespace CacheBackup.Core.Model;

/// <summary>A key-value pair on a cache or a backup.</summary>
public sealed record Tag(string Key, string Value);
