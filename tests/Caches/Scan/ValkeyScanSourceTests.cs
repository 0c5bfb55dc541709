using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Scan;

[Trait("Category", "Server")]
public sealed class ValkeyScanSourceTests : SnapshotSourceContract
{
    protected override async Task<ISourceUnderTest> StartAsync() => await ScannedServer.StartFilledAsync(CacheEngine.Valkey);
}
