using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Local.Files;

/// <summary>Tells files from pipes, which .NET can only open, and an open pipe waits for somebody at its other end.</summary>
internal static partial class SeekableFile
{
    private const int ReadOnlyWithoutWaiting = 0x80800; // O_RDONLY | O_NONBLOCK | O_CLOEXEC

    /// <summary>False: what is there can be read once, from its beginning. True also where nothing is there, or it cannot be opened: opening it will say so.</summary>
    public static bool Is(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        using var handle = new SafeFileHandle(Open(path, ReadOnlyWithoutWaiting), ownsHandle: true);
        if (handle.IsInvalid)
        {
            return true;
        }

        using FileStream file = new(handle, FileAccess.Read, bufferSize: 0, isAsync: false);
        return file.CanSeek;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
