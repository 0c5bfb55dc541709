using CacheBackup.Caches.Scan;
using CacheBackup.Caches.Tests.Replication;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>A scan source on a real server that holds <see cref="SampleData"/> and hands out nothing by replication.</summary>
internal sealed class ScannedServer : ISourceUnderTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private ScannedServer(ServerProcess server, CacheClient client)
    {
        Server = server;
        Client = client;
    }

    public ServerProcess Server { get; }

    public CacheClient Client { get; }

    public ISnapshotSource Source => SourceWith(ScanOptions.Default);

    public static async Task<ScannedServer> StartAsync(CacheEngine engine, params string[] configuration)
    {
        ServerProcess server = await ServerProcess.StartAsync(new ServerOptions
        {
            Engine = engine,
            Configuration = ["rename-command SYNC \"\"", "rename-command PSYNC \"\"", "rename-command CONFIG \"\"", .. configuration],
        });
        CacheClient client = await server.ConnectAsync();
        return new ScannedServer(server, client);
    }

    public static async Task<ScannedServer> StartFilledAsync(CacheEngine engine, params string[] configuration)
    {
        ScannedServer server = await StartAsync(engine, configuration);
        await SampleData.WriteAsync(server.Client, bulkBytes: 300_000);
        return server;
    }

    /// <param name="stated">What the file says of the server's time and memory.</param>
    public ScanSource SourceWith(ScanOptions options, (DateTimeOffset Time, long UsedMemoryBytes)? stated = null) =>
        new(Server.Address, KnownPassword.Instance, options, TimeProvider.System) { Stated = stated };

    public async Task<(byte[] Rdb, SnapshotOrigin Origin)> TakeAsync(ScanOptions? options = null)
    {
        await using SnapshotTransfer transfer = await SourceWith(options ?? ScanOptions.Default).OpenAsync(default);
        byte[] rdb = await Drain.AllAsync(transfer.Content);
        return (rdb, transfer.Origin);
    }

    public Task VerifyContentAsync(byte[] rdb) => RdbEquality.VerifyAsync(Server.Engine, Client, rdb);

    public async Task VerifyReleasedAsync()
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while ((await Client.TextAsync("CLIENT", "LIST")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length > 1)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
