namespace CacheBackup.Caches.Replication;

/// <summary>How a node announced the data set that now follows on the connection: exactly one of length and end mark is there.</summary>
/// <param name="Command">PSYNC or SYNC: what it answered to.</param>
/// <param name="LengthBytes">Disk-backed: the length of the file.</param>
/// <param name="EndMark">Diskless: 40 random bytes that follow the last byte.</param>
internal sealed record ReplicationOffer(string Command, long? LengthBytes, byte[]? EndMark);
