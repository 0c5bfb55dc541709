namespace CacheBackup.Core.Inspections;

/// <summary>Counts of keys that have something in common.</summary>
public sealed class KeyGroup
{
    public long Keys { get; private set; }

    public long KeysWithExpiry { get; private set; }

    /// <summary>In the file, with their names and expiries.</summary>
    public long Bytes { get; private set; }

    /// <summary>In a server, as <see cref="ServerMemory"/> estimates it; without the tables that hold all keys of a database.</summary>
    public long MemoryBytes { get; private set; }

    internal void Add(long bytes, long memoryBytes, bool expires)
    {
        Keys++;
        KeysWithExpiry += expires ? 1 : 0;
        Bytes += bytes;
        MemoryBytes += memoryBytes;
    }

    internal void Add(KeyGroup other)
    {
        Keys += other.Keys;
        KeysWithExpiry += other.KeysWithExpiry;
        Bytes += other.Bytes;
        MemoryBytes += other.MemoryBytes;
    }
}
