using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CacheBackup.Core.Operations;
using CacheBackup.Local.Host;

namespace CacheBackup.EndToEnd;

/// <summary>The whole service, started in a directory of its own, and called as its users call it: by HTTP.</summary>
public sealed class ServiceUnderTest : IAsyncDisposable
{
    private readonly bool _ownsDirectory;
    private readonly HttpClient _http;

    private ServiceUnderTest(LocalHost host, string directory, bool ownsDirectory)
    {
        Host = host;
        Directory = directory;
        _ownsDirectory = ownsDirectory;
        _http = new HttpClient { BaseAddress = host.Url };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", host.Token.Value.Reveal());
    }

    public LocalHost Host { get; }

    public string Directory { get; }

    public static async Task<ServiceUnderTest> StartAsync(
        string? directory = null, string? store = null, Func<ServiceParts, ServiceParts>? decorate = null)
    {
        string data = directory ?? System.IO.Directory.CreateTempSubdirectory("cache-backup-").FullName;
        LocalHostOptions options = new() { DataDirectory = data, Store = store, Url = new Uri("http://127.0.0.1:0") };
        return new ServiceUnderTest(await LocalHost.StartAsync(options, decorate, CancellationToken.None), data, directory is null);
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        (HttpStatusCode status, JsonElement answer) = await SendAsync(HttpMethod.Post, path, body);
        Assert.True(status == HttpStatusCode.Accepted, answer.ToString());
        return answer;
    }

    /// <summary>Registers a cache on loopback and waits until it is available.</summary>
    public async Task RegisterAsync(string name, int port)
    {
        await PostAsync("/caches", new { name, host = "127.0.0.1", port });
        await WaitForAsync($"/caches/{name}", "available");
    }

    /// <summary>Takes a backup to its end.</summary>
    public async Task<JsonElement> BackUpAsync(string name, string cache)
    {
        await PostAsync("/backups", new { name, cache });
        return await WaitForAsync($"/backups/{name}", "available");
    }

    /// <summary>Restores into a new cache, to its end.</summary>
    public async Task<JsonElement> RestoreAsync(string backup, string cache, string fill = "restore")
    {
        await PostAsync($"/backups/{backup}/restore", new { cache, fill });
        return await WaitForAsync($"/caches/{cache}", "available");
    }

    /// <summary>Waits until the status is reached; another end of the job is a failure that says why.</summary>
    public async Task<JsonElement> WaitForAsync(string path, string status)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            (HttpStatusCode code, JsonElement body) = await GetAsync(path);
            string text = code == HttpStatusCode.NotFound ? "gone" : body.GetProperty("status").GetString()!;
            if (text == status)
            {
                return body;
            }

            Assert.False(text is "failed" or "create-failed" or "restore-failed" or "available" or "gone", $"{path}: {body}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Host.DisposeAsync();
        if (_ownsDirectory)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
