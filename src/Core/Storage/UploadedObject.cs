namespace CacheBackup.Core.Storage;

/// <summary>An object that an upload has made, and the parts it was made of, in order.</summary>
public sealed record UploadedObject(ObjectKey Key, ObjectTag Tag, long LengthBytes, IReadOnlyList<UploadedPart> Parts);
