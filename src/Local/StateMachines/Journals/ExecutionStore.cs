using System.Globalization;

namespace CacheBackup.Local.StateMachines.Journals;

/// <summary>
/// The directory of all executions, <c>&lt;machine&gt;/&lt;name&gt;/</c>, owned by one process at a time. An execution appears in it by
/// one rename, whole, and is removed by one.
/// </summary>
internal sealed class ExecutionStore : IDisposable
{
    private const string LockName = ".lock";

    // Directories that are being made or removed; no execution's name starts with a dot.
    private const string NewPrefix = ".new-";
    private const string OldPrefix = ".old-";

    private readonly string _root;
    private readonly bool _isDurable;
    private readonly FileStream _lock;
    private int _made;

    private ExecutionStore(string root, bool isDurable, FileStream ownership)
    {
        _root = root;
        _isDurable = isDurable;
        _lock = ownership;
    }

    /// <exception cref="ExecutionsInUseException">Another process owns the directory.</exception>
    public static ExecutionStore Open(string root, bool isDurable)
    {
        DurableFiles.CreateDirectory(root);
        string lockPath = Path.Combine(root, LockName);
        FileStream ownership;
        try
        {
            ownership = DurableFiles.Open(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException inUse) when (File.Exists(lockPath))
        {
            throw new ExecutionsInUseException(root, inUse);
        }

        var store = new ExecutionStore(root, isDurable, ownership);
        store.RemoveLeftovers();
        return store;
    }

    public IEnumerable<ExecutionFolder> All()
    {
        foreach (string machine in Directories(_root))
        {
            foreach (string execution in Directories(machine))
            {
                yield return new ExecutionFolder(execution, new ExecutionKey(Path.GetFileName(machine), Path.GetFileName(execution)), _isDurable);
            }
        }
    }

    /// <exception cref="IOException">It is there already, or could not be kept.</exception>
    public ExecutionFolder Create(StateMachineDefinition definition, ExecutionStart start)
    {
        string machine = Path.Combine(_root, start.Key.StateMachine);
        if (!Directory.Exists(machine))
        {
            DurableFiles.CreateDirectory(machine);
            Flush(_root);
        }

        string beside = Path.Combine(machine, NewPrefix + Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture));
        try
        {
            new ExecutionFolder(beside, start.Key, _isDurable).Create(definition, start);
            Flush(beside);

            // From this rename on the execution exists, whole.
            string path = Path.Combine(machine, start.Key.Name);
            Directory.Move(beside, path);
            Flush(machine);
            return new ExecutionFolder(path, start.Key, _isDurable);
        }
        catch (IOException)
        {
            Remove(beside);
            throw;
        }
    }

    public void Delete(ExecutionFolder folder)
    {
        string machine = Path.GetDirectoryName(folder.FullPath)!;
        string aside = Path.Combine(machine, OldPrefix + Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture));
        Directory.Move(folder.FullPath, aside);
        Remove(aside);
    }

    public void Dispose() => _lock.Dispose();

    private static IEnumerable<string> Directories(string path) =>
        Directory.EnumerateDirectories(path).Where(child => ExecutionKey.IsValid(Path.GetFileName(child))).Order(StringComparer.Ordinal);

    private void RemoveLeftovers()
    {
        foreach (string machine in Directories(_root))
        {
            foreach (string leftover in Directory.EnumerateDirectories(machine, ".*").Where(IsLeftover).ToList())
            {
                Remove(leftover);
            }
        }
    }

    private static bool IsLeftover(string path) =>
        Path.GetFileName(path).StartsWith(NewPrefix, StringComparison.Ordinal) || Path.GetFileName(path).StartsWith(OldPrefix, StringComparison.Ordinal);

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private void Flush(string directory)
    {
        if (_isDurable)
        {
            DurableFiles.FlushDirectory(directory);
        }
    }
}
