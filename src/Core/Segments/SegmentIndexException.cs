namespace CacheBackup.Core.Segments;

/// <summary>
/// The bytes are not a segment index of this version, or contradict themselves. The index can be made anew from the data file.
/// </summary>
public sealed class SegmentIndexException(string message, Exception? innerException = null)
    : PermanentException($"The segment index is damaged: {message}", innerException);
