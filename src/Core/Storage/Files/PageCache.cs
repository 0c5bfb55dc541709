using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Storage.Files;

/// <summary>
/// Tells the kernel about pages of a file that was just written. A backup is written once and not read soon: left to itself the kernel keeps all of it
/// in memory, takes that memory from the programs beside it (the cache itself, perhaps), and writes it in one go when the file is synchronised.
/// Only on Linux: elsewhere nothing happens.
/// </summary>
public static partial class PageCache
{
    private const uint WaitBefore = 1;
    private const uint Write = 2;
    private const uint WaitAfter = 4;
    private const int DontNeed = 4;

    // What file systems answer that have no such call: EINVAL, ENOSYS, EOPNOTSUPP; and a pipe, ESPIPE.
    private static readonly int[] NotOffered = [22, 38, 95, 29];

    /// <summary>Begins to write a range to the disk, and waits for nothing.</summary>
    /// <exception cref="IOException">The disk did not take what was written before.</exception>
    public static void StartWriting(SafeFileHandle file, long offsetBytes, long lengthBytes)
    {
        if (OperatingSystem.IsLinux())
        {
            Require(SyncFileRange(file, offsetBytes, lengthBytes, Write));
        }
    }

    /// <summary>
    /// Waits until a range is written, and gives its memory back. No promise that it survives a crash: that is what synchronising the file is for.
    /// </summary>
    /// <exception cref="IOException">
    /// The disk did not take it. The kernel tells an error of a file's pages once for each time it was opened: whoever is told here must not go on, for
    /// synchronising the file would say that all is well.
    /// </exception>
    public static void Release(SafeFileHandle file, long offsetBytes, long lengthBytes)
    {
        if (OperatingSystem.IsLinux())
        {
            Require(SyncFileRange(file, offsetBytes, lengthBytes, WaitBefore | Write | WaitAfter));
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

    private static void Require(int answer)
    {
        int error = answer == 0 ? 0 : Marshal.GetLastPInvokeError();
        if (error != 0 && !NotOffered.Contains(error))
        {
            throw new IOException($"The disk did not take what was written: {Marshal.GetPInvokeErrorMessage(error)}.", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
