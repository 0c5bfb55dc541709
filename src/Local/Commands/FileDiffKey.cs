namespace CacheBackup.Local.Commands;

/// <summary>A differing key.</summary>
/// <param name="Kind"><c>added</c>, <c>removed</c>, <c>type-changed</c>, <c>value-changed</c> or <c>expiry-changed</c>.</param>
/// <param name="Offset">Where its entry begins: in the second file, or in the first one if it was removed.</param>
/// <param name="Key">Its name; bytes that are not printable ASCII as <c>\xNN</c>, a backslash doubled.</param>
internal sealed record FileDiffKey(string Kind, int Database, string Type, long Offset, string Key);
