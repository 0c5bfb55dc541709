namespace CacheBackup.Local.Commands;

/// <summary>One of the biggest keys.</summary>
/// <param name="Key">Its name; bytes that are not printable ASCII as <c>\xNN</c>, a backslash doubled.</param>
/// <param name="Encoding">How the file stores it.</param>
/// <param name="ServerEncoding">How a server holds it, as OBJECT ENCODING says it.</param>
/// <param name="Bytes">In the file, with name and expiry.</param>
/// <param name="MemoryBytes">In a server, estimated.</param>
/// <param name="Items">Elements, or entries of a stream; 1 for a string.</param>
internal sealed record InspectedKey(
    int Database, string Key, string Type, string Encoding, string ServerEncoding, long Bytes, long MemoryBytes, long Items, DateTimeOffset? ExpiresAt);
