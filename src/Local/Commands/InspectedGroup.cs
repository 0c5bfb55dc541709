namespace CacheBackup.Local.Commands;

/// <summary>Keys that have something in common.</summary>
/// <param name="Bytes">In the file, with their names and expiries.</param>
internal sealed record InspectedGroup(string Name, long Keys, long KeysWithExpiry, long Bytes);
