namespace CacheBackup.Core.Storage;

/// <summary>An upload that was begun and neither completed nor aborted.</summary>
public sealed record OpenUpload(ObjectKey Key, UploadId Id, DateTimeOffset BegunAt);
