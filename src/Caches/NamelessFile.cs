namespace CacheBackup.Caches;

/// <summary>A file on the local disk that has no name once it is open: it goes with the process, whatever becomes of that.</summary>
internal static class NamelessFile
{
    /// <summary>Makes one for reading and writing by position; only the owner could have opened it.</summary>
    /// <exception cref="IOException">It cannot be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made there.</exception>
    public static FileStream Create(string directory)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            // What a cache holds is nobody else's to read.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        string path = Path.Combine(directory, $"cache-backup-{Path.GetRandomFileName()}");
        var file = new FileStream(path, options);
        try
        {
            File.Delete(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
