namespace CacheBackup.Local.Commands;

/// <summary>One of two files that were compared.</summary>
/// <param name="CrcVerified">False: the file states no checksum.</param>
internal sealed record FileDiffSide(string File, string RdbVersion, long SizeBytes, long Keys, bool CrcVerified);
