using System.Text;

namespace CacheBackup.Local.Files;

/// <summary>Files and directories that only their owner may read: modes 0600 and 0700.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnlyDirectory);
        }
    }

    /// <summary>
    /// Makes a file that nobody else may read; nobody else opens it through .NET meanwhile. What a killed process left under the name is removed, not
    /// reused: it may be somebody else's, open to others, or a link to another file.
    /// </summary>
    /// <exception cref="IOException">Another process is writing it, there is no room, or the name is somebody else's.</exception>
    public static FileStream Create(string path, int bufferBytes = 4096)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = bufferBytes,
        };
        RemoveLeftover(path);
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    /// <summary>Removes a file that nobody is writing; a link is removed, not what it leads to.</summary>
    private static void RemoveLeftover(string path)
    {
        if (new FileInfo(path) is { Exists: true, LinkTarget: null })
        {
            // Fails while another process has it open: that one's file is not taken from under it.
            using FileStream alone = new(path, FileMode.Open, FileAccess.Write, FileShare.None);
            File.Delete(path);
        }
        else
        {
            File.Delete(path);
        }
    }

    /// <summary>Writes a small text so that a reader, now or after a crash, finds the old text or the new one and nothing between.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        string fresh = path + ".new";
        await using (FileStream file = Create(fresh))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>True if others than the owner may do anything with the open file.</summary>
    public static bool IsOpenToOthers(FileStream file) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != UnixFileMode.None;
}
