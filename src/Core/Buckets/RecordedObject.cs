using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Buckets;

/// <summary>An object of a store of ours, and what was recorded of its bytes.</summary>
public sealed record RecordedObject(IObjectStore Store, ObjectKey Key, long LengthBytes, Sha256Digest Sha256);
