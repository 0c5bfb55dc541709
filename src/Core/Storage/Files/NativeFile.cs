using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Storage.Files;

/// <summary>
/// The few calls of POSIX that .NET does not offer: directories that can be synchronised, locks among processes, modes at creation,
/// a rename that never turns into a copy, and extended attributes (Linux only; elsewhere they answer "none").
/// </summary>
internal static unsafe partial class NativeFile
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const uint OwnerOnly = 0x1C0; // 0700

    private const int NotFound = 2; // ENOENT
    private const int Interrupted = 4; // EINTR
    private const int Exists = 17; // EEXIST

    // A process that we start must not inherit our files: it would hold our locks after we are gone.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
    private static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Opens a file or a directory for reading, without .NET's own advisory lock; null where there is none.</summary>
    public static SafeFileHandle? TryOpen(string path) => TryOpen(path, ReadOnly);

    /// <summary>Opens an existing file for writing, without .NET's own advisory lock.</summary>
    public static SafeFileHandle OpenForWriting(string path) => TryOpen(path, WriteOnly) ?? throw Failure("open", path);

    /// <summary>Creates a directory with mode 0700; false where there is one already.</summary>
    public static bool MakeDirectory(string path)
    {
        if (MkDir(path, OwnerOnly) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == Exists && Directory.Exists(path) ? false : throw Failure("create", path);
    }

    /// <summary>Makes the names in a directory durable.</summary>
    public static void SynchroniseDirectory(string path)
    {
        using SafeFileHandle directory = TryOpen(path) ?? throw new DirectoryNotFoundException($"There is no directory {path}.");
        RandomAccess.FlushToDisk(directory);
    }

    /// <summary>Atomically replaces <paramref name="to"/>; never copies.</summary>
    public static void Rename(string from, string to)
    {
        if (RenameFile(from, to) != 0)
        {
            throw Failure("rename", from);
        }
    }

    /// <summary>Takes a lock that the kernel drops with the last handle, also of a killed process. False: another has it.</summary>
    public static bool TryLock(SafeFileHandle file, bool exclusive, string path)
    {
        if (FLock(file, (exclusive ? LockExclusive : LockShared) | LockNonBlocking) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == WouldBlock || error == Interrupted ? false : throw Failure("lock", path);
    }

    /// <summary>Sets an extended attribute; false where the file system has none.</summary>
    public static bool TrySetAttribute(SafeFileHandle file, string name, ReadOnlySpan<byte> value)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        fixed (byte* bytes = value)
        {
            return FSetXAttr(file, name, bytes, value.Length, 0) == 0;
        }
    }

    /// <summary>Reads an extended attribute; -1 where the file has none or it is longer than the buffer.</summary>
    public static int GetAttribute(SafeFileHandle file, string name, Span<byte> value)
    {
        if (!OperatingSystem.IsLinux())
        {
            return -1;
        }

        fixed (byte* bytes = value)
        {
            return (int)FGetXAttr(file, name, bytes, value.Length);
        }
    }

    /// <summary>
    /// Lets the kernel copy between files, sharing blocks where the file system can. Returns the bytes copied; 0 where it cannot.
    /// </summary>
    public static long CopyRange(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length)
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        return Math.Max(0, CopyFileRange(from, ref fromOffset, to, ref toOffset, (nint)length, 0));
    }

    private static SafeFileHandle? TryOpen(string path, int mode)
    {
        int descriptor;
        do
        {
            descriptor = Open(path, mode | CloseOnExec);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        return Marshal.GetLastPInvokeError() == NotFound ? null : throw Failure("open", path);
    }

    private static Exception Failure(string call, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        string message = $"Cannot {call} {path}: {Marshal.GetPInvokeErrorMessage(error)}";
        return error switch
        {
            1 or 13 => new UnauthorizedAccessException(message), // EPERM, EACCES
            NotFound => new FileNotFoundException(message, path),
            _ => new IOException(message, error),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkDir(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FSetXAttr(SafeFileHandle file, string name, byte* value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint FGetXAttr(SafeFileHandle file, string name, byte* value, nint size);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    private static partial nint CopyFileRange(
        SafeFileHandle from, ref long fromOffset, SafeFileHandle to, ref long toOffset, nint length, uint flags);
}
