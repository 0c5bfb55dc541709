using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Replication;

[Trait("Category", "Server")]
public sealed class ValkeyDiskBackedSourceTests : SnapshotSourceContract
{
    protected override async Task<ISourceUnderTest> StartAsync() => await ServerSourceUnderTest.StartAsync(CacheEngine.Valkey, isDiskless: false);
}
