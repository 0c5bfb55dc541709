namespace CacheBackup.Core.Model;

/// <summary>Names the bytes of one generation of a backup. Random, never used again, part of every data key.</summary>
public readonly record struct BackupId(string Value) : ICatalogText<BackupId>
{
    public static BackupId FromCatalog(string text) =>
        text.Length > 0 ? new BackupId(text) : throw new InvalidRequestException("An id is not empty.");

    public override string ToString() => Value;
}
