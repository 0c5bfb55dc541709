namespace CacheBackup.Fixtures.Storage;

/// <summary>The calls of an object store.</summary>
public enum StoreOperation
{
    Get,
    Head,
    Put,
    Delete,
    List,
    BeginUpload,
    UploadPart,
    CompleteUpload,
    AbortUpload,
    ListUploads,
}
