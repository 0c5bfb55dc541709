
namespace CacheBackup.Core.Storage.Files;

/// <summary>Creates files that only their owner may read, whatever the process's umask allows.</summary>
internal static class NewFile
{
    /// <exception cref="IOException">There is such a file already.</exception>
    public static FileStream Create(string path, FileOptions options)
    {
        var create = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            Options = options,
        };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, create);
    }

    /// <summary>Writes a new file and makes its bytes durable; its name is made durable by synchronising its directory.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using FileStream file = Create(path, FileOptions.None);
        file.Write(content);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
    }
}
