namespace CacheBackup.Core.Snapshots;

/// <summary>A part that a store has acknowledged, as a checkpoint keeps it.</summary>
public sealed record CheckpointPart(int Number, string Tag, long LengthBytes);
