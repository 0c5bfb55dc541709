namespace CacheBackup.Core.Restores;

/// <summary>What a selection takes of one database.</summary>
/// <param name="Keys">Keys that fit.</param>
/// <param name="KeysWithExpiry">Of those, the ones with an expiry.</param>
public sealed record SelectedKeys(int Database, long Keys, long KeysWithExpiry);
