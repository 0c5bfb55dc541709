using System.Runtime.InteropServices;

namespace CacheBackup.Local.StateMachines.Journals;

/// <summary>Files and directories that only their owner reads (0600, 0700), and that survive the end of the machine once written.</summary>
internal static class DurableFiles
{
    private const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, DirectoryMode);
        }
    }

    public static FileStream Open(string path, System.IO.FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != System.IO.FileMode.Open)
        {
            options.UnixCreateMode = FileMode;
        }

        return new FileStream(path, options);
    }

    /// <summary>Writes a file that is either wholly there or not at all: beside it, made durable, then renamed over it.</summary>
    public static void WriteWhole(string path, ReadOnlySpan<byte> content, bool isDurable)
    {
        string beside = path + ".new";
        using (FileStream file = Open(beside, System.IO.FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(content);
            if (isDurable)
            {
                file.Flush(flushToDisk: true);
            }
        }

        File.Move(beside, path, overwrite: true);
        if (isDurable)
        {
            FlushDirectory(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Makes the names in a directory durable. On Windows the file system does so by itself.</summary>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = NativeOpen(path, 0);
        if (handle < 0)
        {
            throw new IOException($"The directory '{path}' could not be opened to make it durable: error {Marshal.GetLastPInvokeError()}.");
        }

        try
        {
            if (NativeSync(handle) < 0)
            {
                throw new IOException($"The directory '{path}' could not be made durable: error {Marshal.GetLastPInvokeError()}.");
            }
        }
        finally
        {
            _ = NativeClose(handle);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeOpen([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeSync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeClose(int handle);
}
