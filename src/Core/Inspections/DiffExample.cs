using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Inspections;

/// <summary>Where a differing key stands: in the second file, or in the first one if it was removed.</summary>
public sealed record DiffExample(DiffKind Kind, int Database, long OffsetBytes, ValueFamily Family);
