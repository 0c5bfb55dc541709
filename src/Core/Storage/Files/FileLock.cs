using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Storage.Files;

/// <summary>
/// A lock among processes on one machine (<c>flock</c>): really exclusive, and dropped by the kernel when its holder dies. Lock files
/// are never removed while their store is in use, so that two holders can never hold two files of one name. .NET's own
/// <see cref="FileShare"/> is not used: it can be switched off by an environment variable and overlooks errors.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(8);

    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>The open lock file, for reading what it holds.</summary>
    public SafeFileHandle File => _file;

    /// <summary>The lock, or null where another holds it.</summary>
    /// <exception cref="FileNotFoundException">There is no lock file.</exception>
    public static FileLock? TryAcquire(string path, bool exclusive)
    {
        SafeFileHandle file = NativeFile.TryOpen(path) ?? throw new FileNotFoundException($"There is no lock file {path}.", path);
        bool isOurs = false;
        try
        {
            isOurs = NativeFile.TryLock(file, exclusive, path);
            return isOurs ? new FileLock(file) : null;
        }
        finally
        {
            if (!isOurs)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>Waits for the lock, in real time whatever clock the store has: the other process lives in real time.</summary>
    /// <exception cref="StoreUnavailableException">Another process held it for longer than <paramref name="timeout"/>.</exception>
    public static async ValueTask<FileLock> AcquireAsync(string path, bool exclusive, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (TryAcquire(path, exclusive) is { } free)
        {
            return free;
        }

        long began = TimeProvider.System.GetTimestamp();
        TimeSpan wait = FirstWait;
        while (TimeProvider.System.GetElapsedTime(began) < timeout)
        {
            // A random share keeps waiters from knocking in step.
            await Task.Delay(wait * (0.5 + (Random.Shared.NextDouble() / 2)), TimeProvider.System, cancellationToken);
            if (TryAcquire(path, exclusive) is { } taken)
            {
                return taken;
            }

            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }

        throw new StoreUnavailableException($"Another process has held {path} for {timeout.TotalSeconds:0} s; is it stopped or stuck?");
    }

    /// <summary>Creates a lock file of mode 0600 where there is none.</summary>
    public static void Create(string path)
    {
        if (System.IO.File.Exists(path))
        {
            return;
        }

        try
        {
            NewFile.Create(path, FileOptions.None).Dispose();
        }
        catch (IOException) when (System.IO.File.Exists(path))
        {
            // Another process was faster.
        }
    }

    public void Dispose() => _file.Dispose();
}
