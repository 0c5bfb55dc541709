using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>What is known of a node before the first key of a slice is scanned.</summary>
/// <param name="Greeting">Who it is now.</param>
/// <param name="Functions">The reply of FUNCTION DUMP; null where there is none, and where the file has begun already.</param>
/// <param name="Origin">As the first slice found it.</param>
/// <param name="Report">What is counted up to here.</param>
internal sealed record ScanContents(ScanGreeting Greeting, ReadOnlyMemory<byte>? Functions, SnapshotOrigin Origin, ScanReport Report);
