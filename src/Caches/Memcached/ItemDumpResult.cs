using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>What one slice of a dump came to.</summary>
/// <param name="Listed">Keys that the node named in it; 0 where an earlier slice has the list.</param>
/// <param name="Written">Items whose records were written.</param>
/// <param name="Vanished">Keys that were listed and are gone, or have expired.</param>
/// <param name="Unreachable">Keys that no command can name.</param>
/// <param name="Left">Where the next slice goes on; null: all keys of the list were taken.</param>
internal sealed record ItemDumpResult(long Listed, long Written, long Vanished, long Unreachable, KeyListPosition? Left);
