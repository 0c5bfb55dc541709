namespace CacheBackup.Local.Commands;

/// <summary>One of the biggest keys.</summary>
/// <param name="Key">Its name; bytes that are not printable ASCII as <c>\xNN</c>, a backslash doubled.</param>
/// <param name="Bytes">In the file, with name and expiry.</param>
/// <param name="Items">Elements, or nodes of a list or stream; 1 for a string.</param>
internal sealed record InspectedKey(int Database, string Key, string Type, string Encoding, long Bytes, long Items, DateTimeOffset? ExpiresAt);
