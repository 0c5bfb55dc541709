namespace CacheBackup.Core.Segments;

/// <summary>
/// Where a function library stands in a file: the offset of its opcode, and the length of its source code. Libraries stand before the first entry,
/// in the header segment, in every file that a server writes.
/// </summary>
public sealed record FunctionLibrary(long OffsetBytes, int SourceLengthBytes);
