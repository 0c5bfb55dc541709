using CacheBackup.Core.Segments;

namespace CacheBackup.Core.Snapshots;

/// <summary>What the last slice left of the file.</summary>
/// <param name="Tail">Bytes after the last part.</param>
public sealed record SliceContent(IndexedSoFar Indexed, ReadOnlyMemory<byte> Tail);
