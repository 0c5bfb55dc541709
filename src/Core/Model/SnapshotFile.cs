namespace CacheBackup.Core.Model;

/// <summary>One file of an exported snapshot in the exchange bucket.</summary>
/// <param name="Number">The shard that it becomes, 1–500: its place in the order of the names.</param>
/// <param name="Key">Its key there.</param>
/// <param name="LengthBytes">Its length when it was listed.</param>
public sealed record SnapshotFile(int Number, string Key, long LengthBytes);
