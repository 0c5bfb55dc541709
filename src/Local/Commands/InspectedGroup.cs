using CacheBackup.Core.Inspections;

namespace CacheBackup.Local.Commands;

/// <summary>Keys that have something in common.</summary>
/// <param name="Bytes">In the file, with their names and expiries.</param>
/// <param name="MemoryBytes">In a server, estimated.</param>
internal sealed record InspectedGroup(string Name, long Keys, long KeysWithExpiry, long Bytes, long MemoryBytes)
{
    public static InspectedGroup Of(string name, params IEnumerable<KeyGroup> groups)
    {
        long keys = 0;
        long expiring = 0;
        long bytes = 0;
        long memory = 0;
        foreach (KeyGroup group in groups)
        {
            keys += group.Keys;
            expiring += group.KeysWithExpiry;
            bytes += group.Bytes;
            memory += group.MemoryBytes;
        }

        return new InspectedGroup(name, keys, expiring, bytes, memory);
    }
}
