namespace CacheBackup.Core.Rdb;

/// <summary>
/// Where an entry ends: <paramref name="EndOffsetBytes"/> is the offset of the first byte after it. <paramref name="ItemCount"/> is the number
/// that stands at the head of the value: elements of a list, set, hash or sorted set, nodes of a quicklist or stream, 1 where there is none.
/// </summary>
public readonly record struct RdbEntryEnd(long EndOffsetBytes, long ValueLengthBytes, long ItemCount);
