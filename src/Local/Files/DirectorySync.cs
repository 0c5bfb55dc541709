using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CacheBackup.Local.Files;

/// <summary>Makes the names in a directory durable, which .NET has no call for.</summary>
internal static partial class DirectorySync
{
    private const int OpenDirectoryReadOnly = 0;

    /// <summary>When it returns, files that were created, renamed or removed in the directory stay so, even if the power goes.</summary>
    /// <exception cref="IOException">The directory is not there, or its device fails.</exception>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            // There the journal of the file system orders names by itself.
            return;
        }

        int descriptor = Open(directory, OpenDirectoryReadOnly);
        if (descriptor < 0)
        {
            throw Failed("open", directory);
        }

        try
        {
            if (Synchronise(descriptor) != 0)
            {
                throw Failed("synchronise", directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string action, string directory)
    {
        var reason = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"Cannot {action} the directory {directory}: {reason.Message}", reason);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
