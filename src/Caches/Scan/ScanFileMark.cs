namespace CacheBackup.Caches.Scan;

/// <summary>How far the file is.</summary>
internal readonly record struct ScanFileMark(long Keys, long Bytes);
