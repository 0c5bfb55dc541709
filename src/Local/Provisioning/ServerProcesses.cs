using System.Diagnostics;
using System.Globalization;

namespace CacheBackup.Local.Provisioning;

/// <summary>
/// Finds and ends the process of a server directory. A process counts as the directory's only if it works in it: a process id alone may
/// have been given to somebody else's process since it was noted.
/// </summary>
internal static class ServerProcesses
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The id of the live process that works in the directory, as its own <c>server.pid</c> says; null: there is none.</summary>
    public static int? Find(ServerDirectory directory)
    {
        try
        {
            return int.TryParse(File.ReadAllText(directory.ProcessIdPath), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int id)
                && IsIn(id, directory) ? id : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>True while the process lives and works in the directory.</summary>
    public static bool IsIn(int processId, ServerDirectory directory)
    {
        // A process that has ended and was not collected yet has no working directory any more.
        string link = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cwd");
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName == RealPath(directory.FullPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Ends the process at once (SIGKILL) if it is the directory's, and waits until it is gone.</summary>
    public static async Task KillAsync(int processId, ServerDirectory directory, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!IsIn(processId, directory))
        {
            return;
        }

        try
        {
            using Process process = Process.GetProcessById(processId);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return;
        }

        await WaitUntilGoneAsync(processId, directory, Timeout.InfiniteTimeSpan, time, cancellationToken);
    }

    /// <summary>False: it is still there after the time.</summary>
    public static async Task<bool> WaitUntilGoneAsync(
        int processId, ServerDirectory directory, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        while (IsIn(processId, directory))
        {
            if (patience != Timeout.InfiniteTimeSpan && time.GetElapsedTime(began) > patience)
            {
                return false;
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }

        return true;
    }

    /// <summary>The path without symbolic links, as the kernel tells it of a process.</summary>
    private static string RealPath(string path)
    {
        string root = Path.GetPathRoot(path)!;
        string real = root;
        foreach (string part in path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            real = Directory.ResolveLinkTarget(next, returnFinalTarget: true)?.FullName ?? next;
        }

        return real;
    }
}
