using System.Text;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Replication;

public sealed class FakeDisklessSourceTests : SnapshotSourceContract
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 4000).Select(i => $"entry {i};")));

    protected override Task<ISourceUnderTest> StartAsync() =>
        Task.FromResult<ISourceUnderTest>(new FakeSourceUnderTest(new FakeSource { Rdb = Content, IsDiskless = true, KeepAlives = 3 }));
}
