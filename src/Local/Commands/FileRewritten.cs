namespace CacheBackup.Local.Commands;

/// <summary>One file that was written.</summary>
/// <param name="Crc64">The checksum that stands at its end, 16 hexadecimal digits.</param>
internal sealed record FileRewritten(string Path, long Keys, long KeysWithExpiry, long SizeBytes, string Crc64);
