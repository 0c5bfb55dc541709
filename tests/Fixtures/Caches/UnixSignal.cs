using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CacheBackup.Fixtures.Caches;

/// <summary>Signals to processes that a test started.</summary>
internal static partial class UnixSignal
{
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
