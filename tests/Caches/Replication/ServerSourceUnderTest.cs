using System.Globalization;
using CacheBackup.Caches.Replication;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Replication;

/// <summary>A replication source on a real server that holds <see cref="SampleData"/>.</summary>
internal sealed class ServerSourceUnderTest : ISourceUnderTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ServerProcess _server;
    private readonly CacheClient _client;

    private ServerSourceUnderTest(ServerProcess server, CacheClient client)
    {
        _server = server;
        _client = client;
        Source = new ReplicationSource(server.Address, KnownPassword.Instance, ReplicationOptions.Default, TimeProvider.System);
    }

    public ISnapshotSource Source { get; }

    public static async Task<ServerSourceUnderTest> StartAsync(CacheEngine engine, bool isDiskless)
    {
        ServerProcess server = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = engine,
            Configuration = [$"repl-diskless-sync {(isDiskless ? "yes" : "no")}"],
        });
        CacheClient client = await server.ConnectAsync();
        await SampleData.WriteAsync(client, bulkBytes: 300_000);
        return new ServerSourceUnderTest(server, client);
    }

    public Task VerifyContentAsync(byte[] rdb) => RdbEquality.VerifyAsync(_server.Engine, _client, rdb);

    public async Task VerifyReleasedAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!(await _client.TextAsync("INFO", "replication")).Contains("connected_slaves:0", StringComparison.Ordinal)
            || !(await _client.TextAsync("INFO", "persistence")).Contains("rdb_bgsave_in_progress:0", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }

        string clients = await _client.TextAsync("CLIENT", "LIST");
        Assert.Single(clients.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    public async Task<long> StatAsync(string name)
    {
        string line = (await _client.TextAsync("INFO", "everything")).Split('\n').Single(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length + 1).Trim(), CultureInfo.InvariantCulture);
    }
}
