using System.Globalization;
using System.Runtime.InteropServices;

namespace CacheBackup.Bench;

/// <summary>What the kernel has counted for processes.</summary>
internal static partial class ProcessFigures
{
    private const int Children = -1;
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of every process that this one has started and that has ended.</summary>
    public static double EndedChildrenSeconds()
    {
        _ = GetUsage(Children, out Usage usage);
        return usage.UserSeconds + usage.SystemSeconds + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e6);
    }

    /// <summary>User and system time of a process and its ended children, to 10 ms.</summary>
    public static double CpuSeconds(int processId)
    {
        // After the name, which may hold anything but ends with the last parenthesis: utime, stime, cutime, cstime are fields 14 to 17.
        string stat = File.ReadAllText($"/proc/{processId}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>The most memory that a process has had resident; 0 once it has ended.</summary>
    public static long PeakBytes(int processId)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
