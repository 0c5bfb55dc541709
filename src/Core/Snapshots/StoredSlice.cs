using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// The object that a slice left beside the file: the index so far, the file's last bytes that are too few for a part, the keys that it took. Of all slices
/// but the last only the keys are still of use. Persisted in checkpoints.
/// </summary>
/// <param name="Crc64">Of the whole object, 16 hexadecimal digits.</param>
public sealed record StoredSlice(ObjectKey Key, long IndexBytes, int TailBytes, long KeyBytes, string Crc64);
