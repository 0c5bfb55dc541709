using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Local.Provisioning;

/// <summary>A folder for servers that are all gone when the test is over.</summary>
public sealed class ProvisionerRig : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ProvisionerRig(params (string Name, string? Value)[] variables)
    {
        Requires.Program("redis-server");
        Options = new LocalProvisionerOptions
        {
            Folder = Path.Combine(_directory.Path, "caches"),
            ReadVariable = name => Array.Exists(variables, v => v.Name == name)
                ? Array.Find(variables, v => v.Name == name).Value
                : Environment.GetEnvironmentVariable(name),
        };
        Provisioner = New();
    }

    public static CacheName Name { get; } = CacheName.Parse("orders");

    public LocalProvisionerOptions Options { get; }

    public MemoryObjectStore Store { get; } = new(TimeProvider.System);

    public LocalProvisioner Provisioner { get; }

    /// <summary>Another one on the same folder, as a host has it that is started anew.</summary>
    public LocalProvisioner New(LocalProvisionerOptions? options = null) => new(options ?? Options, Store, TimeProvider.System);

    public Task<CacheAddress> ProvisionAsync(long generation = 1, ObjectKey? loadFrom = null, CacheEngine engine = CacheEngine.Redis) =>
        Provisioner.ProvisionAsync(new ProvisionRequest(Name, generation, engine, loadFrom), CancellationToken.None);

    public string DirectoryOf(long generation) => Path.Combine(Options.Folder, string.Create(CultureInfo.InvariantCulture, $"{Name}-{generation}"));

    public int ProcessOf(long generation) =>
        int.Parse(File.ReadAllText(Path.Combine(DirectoryOf(generation), "server.pid")), CultureInfo.InvariantCulture);

    public static async Task<CacheClient> ConnectAsync(CacheAddress address)
    {
        CacheClient client = await CacheClient.ConnectAsync(address.Endpoint, useTls: false, CancellationToken.None);
        await client.RequireAsync("AUTH", await PasswordAsync(address));
        return client;
    }

    public static Task<string> PasswordAsync(CacheAddress address) => File.ReadAllTextAsync(address.Password!.Value.Value["file:".Length..]);

    /// <summary>What the server says of itself under this name in INFO.</summary>
    public static async Task<string> InfoAsync(CacheAddress address, string field)
    {
        await using CacheClient client = await ConnectAsync(address);
        string info = await client.TextAsync("INFO");
        return info.Split("\r\n").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..];
    }

    /// <summary>Stores a data file that a real server wrote, with one key in it.</summary>
    public async Task<ObjectKey> StoreDataFileAsync()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("SET", "greeting", "hello");
        await client.RequireAsync("SAVE");
        ObjectKey key = new("data/one/shard-1.rdb");
        await Store.PutAsync(key, await File.ReadAllBytesAsync(Path.Combine(server.DirectoryPath, "dump.rdb")), WriteCondition.None, CancellationToken.None);
        return key;
    }

    public async ValueTask DisposeAsync()
    {
        await Provisioner.RemoveAsync(Name, CancellationToken.None);
        Provisioner.Dispose();
        _directory.Dispose();
    }
}
