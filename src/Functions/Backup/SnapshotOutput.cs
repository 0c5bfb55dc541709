namespace CacheBackup.Functions.Backup;

/// <summary>How far the shard is.</summary>
/// <param name="Done">Its record is in the store. False: another call goes on with it.</param>
public sealed record SnapshotOutput(int Shard, bool Done);
