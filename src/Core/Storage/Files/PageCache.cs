using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Storage.Files;

/// <summary>
/// Tells the kernel about pages of a file that was just written. A backup is written once and not read soon: left to itself the kernel keeps all of it
/// in memory, takes that memory from the programs beside it (the cache itself, perhaps), and writes it in one go when the file is synchronised.
/// Only hints, and only on Linux: elsewhere, and where the file system knows better, nothing happens.
/// </summary>
public static partial class PageCache
{
    private const uint WaitBefore = 1;
    private const uint Write = 2;
    private const uint WaitAfter = 4;
    private const int DontNeed = 4;

    /// <summary>Begins to write a range to the disk, and waits for nothing.</summary>
    public static void StartWriting(SafeFileHandle file, long offsetBytes, long lengthBytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncFileRange(file, offsetBytes, lengthBytes, Write);
        }
    }

    /// <summary>
    /// Waits until a range is written, and gives its memory back. No promise that it survives a crash: that is what synchronising the file is for,
    /// which also tells of errors.
    /// </summary>
    public static void Release(SafeFileHandle file, long offsetBytes, long lengthBytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncFileRange(file, offsetBytes, lengthBytes, WaitBefore | Write | WaitAfter);
            Forget(file, offsetBytes, lengthBytes);
        }
    }

    /// <summary>Gives the memory of a range back that is on the disk already.</summary>
    public static void Forget(SafeFileHandle file, long offsetBytes, long lengthBytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Advise(file, offsetBytes, lengthBytes, DontNeed);
        }
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
