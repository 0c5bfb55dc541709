using CacheBackup.Caches.Replication;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Replication;

/// <summary>A replication source on a scripted node.</summary>
internal sealed class FakeSourceUnderTest : ISourceUnderTest
{
    private readonly FakeCacheServer _server;
    private readonly byte[] _content;

    public FakeSourceUnderTest(FakeSource source)
    {
        _content = source.Rdb.ToArray();
        _server = FakeCacheServer.Start(source);
        Source = new ReplicationSource(_server.Address, KnownPassword.Instance, ReplicationOptions.Default, TimeProvider.System);
    }

    public ISnapshotSource Source { get; }

    public Task VerifyContentAsync(byte[] rdb)
    {
        Assert.Equal(_content, rdb);
        return Task.CompletedTask;
    }

    public async Task VerifyReleasedAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        while (_server.OpenConnections > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
