namespace CacheBackup.Core.Storage.Files;

/// <summary>A write that goes beyond what the file system (4 GiB on FAT32) or this process's limit (<c>ulimit -f</c>) lets a file have.</summary>
public static class FileTooLarge
{
    public const string Message = "File too large: the file system, or the limit of this process (ulimit -f), allows no file of this size.";

    /// <summary>.NET tells of EFBIG as of an argument that is out of range.</summary>
    public static bool IsToldBy(Exception failure) => failure is ArgumentOutOfRangeException { ParamName: "value", ActualValue: null };
}
