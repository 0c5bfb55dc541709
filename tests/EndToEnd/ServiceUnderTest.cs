using System.Net;
using System.Text.Json;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures;
using CacheBackup.Local.Host;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.EndToEnd;

/// <summary>The whole service, started in a directory of its own, and called as its users call it: by HTTP.</summary>
public sealed class ServiceUnderTest : IAsyncDisposable
{
    private readonly bool _ownsDirectory;

    private ServiceUnderTest(LocalHost host, string directory, bool ownsDirectory)
    {
        Host = host;
        Directory = directory;
        _ownsDirectory = ownsDirectory;
        Client = new ServiceClient(host.Url, host.Token.Value.Reveal());
    }

    public LocalHost Host { get; }

    public string Directory { get; }

    public ServiceClient Client { get; }

    public static async Task<ServiceUnderTest> StartAsync(
        string? directory = null, string? store = null, Func<ServiceParts, ServiceParts>? decorate = null, Action<string>? log = null,
        ConfiguredBuckets? configured = null, IServiceIntegration? services = null)
    {
        string data = directory ?? System.IO.Directory.CreateTempSubdirectory("cache-backup-").FullName;
        LocalHostOptions options = new()
        {
            DataDirectory = data,
            Store = store,
            Url = new Uri("http://127.0.0.1:0"),
            Log = log ?? (_ => { }),
            Configured = configured ?? ConfiguredBuckets.None,
            Services = services ?? new NoServiceIntegration(),
        };
        return new ServiceUnderTest(await LocalHost.StartAsync(options, decorate, CancellationToken.None), data, directory is null);
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null) =>
        Client.SendAsync(method, path, body);

    public Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path) => Client.GetAsync(path);

    public Task<JsonElement> PostAsync(string path, object body) => Client.PostAsync(path, body);

    public Task RegisterAsync(string name, int port) => Client.RegisterAsync(name, port);

    public Task<JsonElement> BackUpAsync(string name, string cache) => Client.BackUpAsync(name, cache);

    public Task<JsonElement> RestoreAsync(string backup, string cache, string fill = "restore") => Client.RestoreAsync(backup, cache, fill);

    public Task<JsonElement> WaitForAsync(string path, string status) => Client.WaitForAsync(path, status);

    /// <summary>An execution once it has ended, whatever way.</summary>
    public async Task<JsonElement> EndOfAsync(string execution)
    {
        await Host.WaitAsync(new Core.Model.ExecutionId(execution), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        return (await GetAsync($"/executions/{Uri.EscapeDataString(execution)}")).Body;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        if (_ownsDirectory)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
