using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Storage.Files;

/// <summary>A file being written under a temporary name; removed when disposed, unless it was renamed before.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly FileStream _file;

    private TemporaryFile(string path, FileStream file) => (Path, _file) = (path, file);

    public string Path { get; }

    public SafeFileHandle Handle => _file.SafeFileHandle;

    public static TemporaryFile Create(string path)
    {
        var created = new TemporaryFile(path, NewFile.Create(path, FileOptions.None));
        // As long as we live, no other process takes the file for one that was left behind. Shared, for our readers share it too once
        // it has become an object.
        NativeFile.TryLock(created.Handle, exclusive: false, path);
        return created;
    }

    /// <summary>
    /// Removes what killed processes left: old, and locked by no one. Directories are drafts of uploads and uploads on their way out.
    /// </summary>
    public static void Sweep(string directory, TimeSpan lifetime)
    {
        // The file system's clock is the machine's, whatever clock the store has.
        DateTime oldest = TimeProvider.System.GetUtcNow().UtcDateTime - lifetime;
        foreach (FileSystemInfo found in new DirectoryInfo(directory).EnumerateFileSystemInfos())
        {
            try
            {
                if (found.LastWriteTimeUtc > oldest)
                {
                    continue;
                }

                if (found is DirectoryInfo draft)
                {
                    draft.Delete(recursive: true);
                    continue;
                }

                using FileLock? alone = FileLock.TryAcquire(found.FullName, exclusive: true);
                if (alone is not null)
                {
                    found.Delete();
                }
            }
            catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
            {
                // Its own process, or another that is being opened, was faster.
            }
        }
    }

    public void Dispose()
    {
        File.Delete(Path);
        _file.Dispose();
    }
}
