using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Replication;

[Trait("Category", "Server")]
public sealed class RedisDisklessSourceTests : SnapshotSourceContract
{
    protected override async Task<ISourceUnderTest> StartAsync() => await ServerSourceUnderTest.StartAsync(CacheEngine.Redis, isDiskless: true);
}
