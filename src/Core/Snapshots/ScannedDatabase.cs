namespace CacheBackup.Core.Snapshots;

/// <summary>A database as its server counted it when a scan began. Persisted in checkpoints.</summary>
/// <param name="Expiring">Keys with an expiry.</param>
public sealed record ScannedDatabase(int Number, long Keys, long Expiring);
