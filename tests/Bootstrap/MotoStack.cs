using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CacheBackup.Core.Operations;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>What a deployed stack brings, in moto: buckets, state machines, secrets. Machines there start executions and do not run them.</summary>
internal sealed class MotoStack : IAsyncDisposable
{
    private const string Definition = """{\"StartAt\":\"Wait\",\"States\":{\"Wait\":{\"Type\":\"Wait\",\"Seconds\":86400,\"End\":true}}}""";
    private static int _made;

    private readonly HttpClient _client;

    private MotoStack(Uri endpoint, string name)
    {
        (Endpoint, Name) = (endpoint, name);
        _client = new HttpClient { BaseAddress = endpoint };
    }

    public Uri Endpoint { get; }

    public string Name { get; }

    public Dictionary<string, string> Variables => Settings.Of(Name, Endpoint);

    public static async Task<MotoStack> CreateAsync(Uri endpoint, string? name = null)
    {
        MotoStack stack = new(endpoint, name ?? $"stack-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");
        foreach (string bucket in new[] { "catalog", "data", "exchange", "exports", "copies" })
        {
            using HttpRequestMessage put = new(HttpMethod.Put, $"/{stack.Name}-{bucket}");
            await stack.SendAsync(put, "s3");
        }

        foreach (string machine in StateMachines.All)
        {
            await stack.CallAsync(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                $$"""{"name":"{{stack.Name}}-{{machine}}","roleArn":"arn:aws:iam::{{Settings.Account}}:role/r","definition":"{{Definition}}"}""");
        }

        return stack;
    }

    /// <summary>A password that may be sent to this machine, without TLS.</summary>
    /// <returns>How a cache names it.</returns>
    public async Task<string> CreateSecretAsync(string password)
    {
        string name = $"cache-backup/{Name}";
        string secret = JsonSerializer.Serialize(new { password, hosts = new[] { "127.0.0.1" }, allowPlaintext = true });
        await CallAsync("secretsmanager", "secretsmanager.CreateSecret", JsonSerializer.Serialize(new { Name = name, SecretString = secret }));
        return $"secret:{name}";
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task CallAsync(string service, string target, string json)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/") { Content = new StringContent(json, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.0");
        request.Headers.Add("X-Amz-Target", target);
        await SendAsync(request, service);
    }

    // moto reads Region and service from the signature, and does not check it.
    private async Task SendAsync(HttpRequestMessage request, string service)
    {
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential=test/20260101/{Settings.Region}/{service}/aws4_request, SignedHeaders=host, Signature=0");
        using HttpResponseMessage answer = await _client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
