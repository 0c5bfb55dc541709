using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace CacheBackup.Core.Storage.Files;

/// <summary>
/// The directories of the keys. Whoever adds a file holds the tree shared, so no directory vanishes under it; whoever removes empty
/// directories holds it alone, and first counts up a generation in the lock file, by which all processes forget what they knew of
/// directories being durable.
/// </summary>
internal sealed class KeyTree(string root, string lockFile, TimeSpan timeout)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _durable = [];
    private long _generation = -1;

    public async ValueTask<FileLock> HoldAsync(CancellationToken cancellationToken)
    {
        FileLock held = await FileLock.AcquireAsync(lockFile, exclusive: false, timeout, cancellationToken);
        long generation = ReadGeneration(held.File);
        lock (_gate)
        {
            if (generation != _generation)
            {
                _durable.Clear();
                _generation = generation;
            }
        }

        return held;
    }

    /// <summary>Makes the directory and all above it, down to the root, exist durably. The tree is held.</summary>
    public void Ensure(string directory)
    {
        if (directory == root || IsKnown(directory))
        {
            return;
        }

        string parent = Path.GetDirectoryName(directory)!;
        Ensure(parent);
        NativeFile.MakeDirectory(directory);
        // Also where another process made it: it may not have come to this line yet.
        NativeFile.SynchroniseDirectory(parent);
        lock (_gate)
        {
            _durable.Add(directory);
        }
    }

    /// <summary>Removes the directory and those above it as far as they are empty, unless others are writing just now.</summary>
    public void Prune(string directory)
    {
        if (directory == root || HasEntries(directory))
        {
            return;
        }

        using FileLock? alone = FileLock.TryAcquire(lockFile, exclusive: true);
        if (alone is null)
        {
            return;
        }

        WriteGeneration(ReadGeneration(alone.File) + 1);
        while (directory != root && !HasEntries(directory))
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory);
            }

            directory = Path.GetDirectoryName(directory)!;
        }
    }

    private static bool HasEntries(string directory)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(directory).Any();
        }
        catch (DirectoryNotFoundException)
        {
            // Removed by another delete.
            return false;
        }
    }

    private static long ReadGeneration(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        return RandomAccess.Read(file, bytes, 0) == bytes.Length ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;
    }

    private void WriteGeneration(long generation)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, generation);
        // Not through .NET's FileStream: it would ask for a lock of its own on the file that we hold.
        using SafeFileHandle file = NativeFile.OpenForWriting(lockFile);
        RandomAccess.Write(file, bytes, 0);
    }

    private bool IsKnown(string directory)
    {
        lock (_gate)
        {
            return _durable.Contains(directory);
        }
    }
}
