using CacheBackup.Core.Snapshots;

namespace CacheBackup.Fixtures.Caches;

/// <summary>A source with a cache behind it, as <see cref="SnapshotSourceContract"/> needs it.</summary>
public interface ISourceUnderTest : IAsyncDisposable
{
    ISnapshotSource Source { get; }

    /// <summary>Fails unless these bytes are the RDB of what the cache holds.</summary>
    Task VerifyContentAsync(byte[] rdb);

    /// <summary>Fails unless the cache holds nothing more for a transfer that is over.</summary>
    Task VerifyReleasedAsync();
}
