using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CacheBackup.Core.Storage.Files;

/// <summary>
/// The layout of a store's directory, and the two changes of what is visible in it: a finished file takes a key's place, and a key is
/// removed. Both happen under the key's lock, which all processes share, and are durable when they return.
/// </summary>
internal sealed class ObjectArea
{
    // Keys share locks by their hash. Part of the format: two programs that count differently would not keep each other out.
    private const int LockCount = 64;
    private const string Format = "1\n";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // A document of a few bytes still takes blocks of its own and of its directories.
    private const long SmallWriteBytes = 64 * 1024;

    private readonly KeyTree _tree;
    private readonly SemaphoreSlim[] _keyGates = [.. Enumerable.Range(0, LockCount).Select(_ => new SemaphoreSlim(1, 1))];

    private ObjectArea(string root, DirectoryStoreOptions options)
    {
        (Root, Options) = (root, options);
        string hidden = Path.Combine(root, KeyPaths.HiddenDirectory);
        (Temporary, Uploads, Locks) = (Path.Combine(hidden, "temporary"), Path.Combine(hidden, "uploads"), Path.Combine(hidden, "locks"));
        _tree = new KeyTree(root, Path.Combine(Locks, "tree"), options.LockTimeout);
    }

    public string Root { get; }

    public DirectoryStoreOptions Options { get; }

    /// <summary>Files being written, and what is on its way out.</summary>
    public string Temporary { get; }

    public string Uploads { get; }

    private string Locks { get; }

    public static ObjectArea Open(string rootDirectory, DirectoryStoreOptions options)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(rootDirectory));
        var area = new ObjectArea(root, options);
        string hidden = Path.Combine(root, KeyPaths.HiddenDirectory);
        if (!Directory.Exists(hidden))
        {
            Found(root, hidden);
        }

        if (Directory.Exists(Path.Combine(root, KeyPaths.HiddenDirectory.ToUpperInvariant())))
        {
            throw new PermanentException(
                $"The file system of {root} takes upper and lower case for the same, and two keys would be one object; choose another.");
        }

        foreach (string directory in new[] { area.Temporary, area.Uploads, area.Locks })
        {
            NativeFile.MakeDirectory(directory);
        }

        area.CheckFormat(Path.Combine(hidden, "format"));

        FileLock.Create(Path.Combine(area.Locks, "tree"));
        for (int i = 0; i < LockCount; i++)
        {
            FileLock.Create(area.LockFile(i));
        }

        NativeFile.SynchroniseDirectory(hidden);
        return area;
    }

    public string FileOf(ObjectKey key) => KeyPaths.FileOf(Root, key);

    public string NewTemporary() => Path.Combine(Temporary, RandomNumberGenerator.GetHexString(32, lowercase: true));

    /// <exception cref="StoreFullException">The disk has less room than the bytes and the reserve.</exception>
    public void CheckSpace(long bytes, long reserveBytes)
    {
        long free = Options.FreeBytes(Root);
        if (free < bytes + reserveBytes + SmallWriteBytes)
        {
            throw new StoreFullException(
                $"The disk of {Root} has {free} bytes free, and {bytes} are to be written with {reserveBytes} kept in reserve; "
                + "free space there or choose another directory.");
        }
    }

    /// <exception cref="PreconditionFailedException">The condition does not hold now.</exception>
    public void Check(ObjectKey key, WriteCondition condition)
    {
        if (condition.MustBeAbsent && File.Exists(FileOf(key)))
        {
            throw new PreconditionFailedException($"'{key}' exists already.");
        }

        if (condition.MustMatch is { } tag)
        {
            using ObjectFile? current = ObjectFile.TryOpen(FileOf(key));
            if (current?.ReadTag() != tag)
            {
                throw new PreconditionFailedException($"'{key}' is not as it was read: another wrote or removed it.");
            }
        }
    }

    /// <summary>
    /// Moves a file to its key's place if the condition holds at that instant. <paramref name="seal"/> runs once it is known to hold and
    /// before the file can be seen; the file is complete and durable when it returns.
    /// </summary>
    public async Task PublishAsync(
        ObjectKey key, string file, WriteCondition condition, Action seal, CancellationToken cancellationToken)
    {
        using FileLock tree = await _tree.HoldAsync(cancellationToken);
        using KeyHold hold = await HoldAsync(key, cancellationToken);
        Check(key, condition);
        seal();
        string place = FileOf(key);
        string directory = Path.GetDirectoryName(place)!;
        _tree.Ensure(directory);
        // The instant of the write. From here on nothing may stop before the name is durable.
        NativeFile.Rename(file, place);
        NativeFile.SynchroniseDirectory(directory);
    }

    /// <summary>Removes the file of a key if the condition holds at that instant.</summary>
    public async Task RemoveAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken)
    {
        string place = FileOf(key);
        string directory = Path.GetDirectoryName(place)!;
        using (await _tree.HoldAsync(cancellationToken))
        using (await HoldAsync(key, cancellationToken))
        {
            Check(key, condition);
            if (!File.Exists(place))
            {
                return;
            }

            File.Delete(place);
            NativeFile.SynchroniseDirectory(directory);
        }

        _tree.Prune(directory);
    }

    private static void Found(string root, string hidden)
    {
        if (!Directory.Exists(root))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root) ?? root);
            NativeFile.MakeDirectory(root);
            NativeFile.SynchroniseDirectory(Path.GetDirectoryName(root) ?? root);
        }

        // "lost+found" stands in every fresh ext4 file system. Another process may be founding the same store just now.
        string? foreign = Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName)
            .FirstOrDefault(name => name is not ("lost+found" or KeyPaths.HiddenDirectory));
        if (foreign is not null && !Directory.Exists(hidden))
        {
            throw new PermanentException(
                $"{root} is not an object store and holds other things ('{foreign}'); give an empty or a new directory.");
        }

        if (!OperatingSystem.IsWindows())
        {
            // Only ever taken away from others; a right that the owner denied himself is his to give.
            File.SetUnixFileMode(root, File.GetUnixFileMode(root) & OwnerOnly);
        }

        NativeFile.MakeDirectory(hidden);
        NativeFile.SynchroniseDirectory(root);
    }

    private void CheckFormat(string path)
    {
        if (!File.Exists(path))
        {
            string draft = NewTemporary();
            NewFile.Write(draft, Encoding.ASCII.GetBytes(Format));
            NativeFile.Rename(draft, path);
        }

        string format = File.ReadAllText(path);
        if (format != Format)
        {
            throw new PermanentException($"{path} says '{format.Trim()}': the store was written by another version of this program.");
        }
    }

    private async Task<KeyHold> HoldAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        int number = SHA256.HashData(Encoding.ASCII.GetBytes(key.Value))[0] % LockCount;
        SemaphoreSlim gate = _keyGates[number];
        // Writers of this process queue here, in order; only one of them then asks the kernel.
        await gate.WaitAsync(cancellationToken);
        try
        {
            return new KeyHold(gate, await FileLock.AcquireAsync(LockFile(number), true, Options.LockTimeout, cancellationToken));
        }
        catch
        {
            gate.Release();
            throw;
        }
    }

    private string LockFile(int number) => Path.Combine(Locks, number.ToString("x2", CultureInfo.InvariantCulture));

    private sealed class KeyHold(SemaphoreSlim gate, FileLock file) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            gate.Release();
        }
    }
}
