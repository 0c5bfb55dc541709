namespace CacheBackup.Core.Storage;

/// <summary>Names one open multipart upload of one key.</summary>
public readonly record struct UploadId(string Value);
