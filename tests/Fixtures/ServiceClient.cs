using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CacheBackup.Fixtures.OpenApi;
using Xunit;

namespace CacheBackup.Fixtures;

/// <summary>Calls the service as its users do: by HTTP, with the token.</summary>
public sealed class ServiceClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Ends = ["available", "failed", "create-failed", "restore-failed", "gone"];

    public ServiceClient(Uri url, string token)
    {
        Http = new HttpClient { BaseAddress = url };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>For requests that no user would send.</summary>
    public HttpClient Http { get; }

    /// <summary>Sends a request, and holds the answer against the API's description.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage response = await Http.SendAsync(request);
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Empty(ApiDescription.Stored.Violations(method.Method, path, (int)response.StatusCode, answer));
        return (response.StatusCode, answer);
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Starts a job; anything but 202 fails the test.</summary>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        (HttpStatusCode status, JsonElement answer) = await SendAsync(HttpMethod.Post, path, body);
        Assert.True(status == HttpStatusCode.Accepted, answer.ToString());
        return answer;
    }

    /// <summary>Removes a cache or a backup, to its end.</summary>
    public async Task RemoveAsync(string path)
    {
        (HttpStatusCode status, JsonElement answer) = await SendAsync(HttpMethod.Delete, path);
        Assert.True(status == HttpStatusCode.Accepted, answer.ToString());
        await WaitForAsync(path, "gone");
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

    /// <summary>Waits until the status is reached (<c>gone</c>: no such thing any more); another end of the job is a failure that says why.</summary>
    public async Task<JsonElement> WaitForAsync(string path, string status)
    {
        using CancellationTokenSource limit = new(Patience);
        while (true)
        {
            (HttpStatusCode code, JsonElement body) = await GetAsync(path);
            string text = code == HttpStatusCode.NotFound ? "gone" : body.GetProperty("status").GetString()!;
            if (text == status)
            {
                return body;
            }

            Assert.False(status != "gone" && Ends.Contains(text), $"{path} was to become {status}: {body}");
            await Task.Delay(PollInterval, TimeProvider.System, limit.Token);
        }
    }

    public void Dispose() => Http.Dispose();
}
