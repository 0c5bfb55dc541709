namespace CacheBackup.Core.Storage;

/// <summary>A part that the store has acknowledged. <paramref name="Number"/> is 1–10,000; gaps are allowed, order is by number.</summary>
public sealed record UploadedPart(int Number, ObjectTag Tag, long LengthBytes);
