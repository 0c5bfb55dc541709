using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Caches.Tests;

/// <summary>A backup of a real server's data file in a memory store, and a real server to restore it into.</summary>
internal sealed class RestoredCache : IAsyncDisposable
{
    private static readonly SnapshotKeys Keys = new(new ObjectKey("data/0123/shard-0.rdb"), new ObjectKey("data/0123/shard-0.index"));

    private RestoredCache(IObjectStore store, SnapshotResult snapshot, ServerProcess target)
    {
        Store = store;
        Snapshot = snapshot;
        Target = target;
        Range = RestoreRange.Whole(Keys.Data, snapshot.Content.Index);
        Address = target.Address;
    }

    /// <summary>How the target is logged in to.</summary>
    public CacheAddress Address { get; private set; }

    public IObjectStore Store { get; }

    public SnapshotResult Snapshot { get; }

    public ServerProcess Target { get; }

    public RestoreRange Range { get; }

    /// <summary>Starts a source, lets <paramref name="fill"/> fill it, takes the file that it saves, and starts an empty target.</summary>
    public static async Task<RestoredCache> CreateAsync(
        CacheEngine engine, Func<ServerProcess, Task> fill, ServerOptions? target = null)
    {
        byte[] file;
        await using (ServerProcess source = await ServerProcess.StartAsync(engine))
        {
            await fill(source);
            file = await SaveAsync(source);
        }

        var store = new MemoryObjectStore(TimeProvider.System);
        var run = new SnapshotRun(store, TimeProvider.System, SnapshotOptions.Default, new Random(1));
        SnapshotResult snapshot = await run.RunAsync(PipedSnapshotSource.Of(file), Keys, null, default);
        return new RestoredCache(store, snapshot, await ServerProcess.StartAsync(target ?? new ServerOptions { Engine = engine }));
    }

    public static async Task<byte[]> SaveAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("SAVE");
        return await File.ReadAllBytesAsync(Path.Combine(server.DirectoryPath, "dump.rdb"));
    }

    public Task<RespTarget> ConnectAsync() =>
        RespTarget.ConnectAsync(Address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);

    /// <summary>From now on the target is logged in to as a user who may do just this.</summary>
    public async Task UseRightsAsync(CacheAccess access, params string[] more)
    {
        CacheVersion version = await Target.VersionAsync();
        await Target.AddUserAsync(access.ToString(), [.. LeastRights.Of(access, Target.Engine, version, isCluster: false), .. more]);
        Address = Target.Address with { Username = access.ToString(), Password = KnownPassword.Reference };
    }

    public async Task<RestoreReport> RestoreAsync()
    {
        await using RespTarget target = await ConnectAsync();
        return await new RestoreRun(Store, TimeProvider.System).RunAsync(Range, target, null, default);
    }

    /// <summary>Compares every key, then the totals.</summary>
    public async Task<CompareReport> CompareAsync()
    {
        await using RespTarget target = await ConnectAsync();
        CompareReport keys = await new CompareRun(Store, TimeProvider.System).RunAsync(Range, target, null, default);
        return await CompareTotals.RunAsync(target, Snapshot.Content.Summary.Databases, keys, default);
    }

    /// <summary>Runs one command on the target behind the restore's back.</summary>
    public Task MeddleAsync(RespArgument[] command) => MeddleAsync(0, command);

    public async Task MeddleAsync(int database, RespArgument[] command)
    {
        await using CacheClient client = await Target.ConnectAsync();
        if (database != 0)
        {
            await client.RequireAsync("SELECT", database);
        }

        await client.RequireAsync(command);
    }

    public async Task WaitForClusterAsync()
    {
        await using CacheClient client = await Target.ConnectAsync();
        for (int i = 0; i < 500; i++)
        {
            if ((await client.TextAsync("CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        Assert.Fail("The cluster node did not come up.");
    }

    public ValueTask DisposeAsync() => Target.DisposeAsync();
}
