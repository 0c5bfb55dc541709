namespace CacheBackup.Core.Storage;

/// <summary>A part of an object: <paramref name="OffsetBytes"/> ≥ 0, <paramref name="LengthBytes"/> ≥ 1.</summary>
public readonly record struct ByteRange(long OffsetBytes, long LengthBytes);
