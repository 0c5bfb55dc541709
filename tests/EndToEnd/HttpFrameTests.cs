using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CacheBackup.Local.Host;

namespace CacheBackup.EndToEnd;

/// <summary>What every request meets, over a real socket.</summary>
public sealed class HttpFrameTests(RunningService running) : IClassFixture<RunningService>
{
    private HttpClient Http => running.Client.Http;

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Health_is_told_without_a_token(string method)
    {
        using HttpClient stranger = new() { BaseAddress = running.Service.Host.Url };
        using HttpRequestMessage request = new(new HttpMethod(method), "/health");
        using HttpResponseMessage response = await stranger.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(method == "GET", (await response.Content.ReadAsStringAsync()).Contains("\"ok\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/openapi.json")]
    [InlineData("GET", "/health/")]
    [InlineData("POST", "/health")]
    public async Task Nothing_else_is_told_without_a_token(string method, string path)
    {
        using HttpClient stranger = new() { BaseAddress = running.Service.Host.Url };
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage response = await stranger.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task The_schemes_name_may_be_written_in_any_case(string scheme)
    {
        using HttpClient client = new() { BaseAddress = running.Service.Host.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, running.Service.Host.Token.Value.Reveal());
        using HttpResponseMessage response = await client.GetAsync("/backups");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_tokens_case_counts()
    {
        using HttpClient client = new() { BaseAddress = running.Service.Host.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", running.Service.Host.Token.Value.Reveal().ToUpperInvariant());
        using HttpResponseMessage response = await client.GetAsync("/backups");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_wrong_method_is_told_the_right_ones()
    {
        using HttpRequestMessage request = new(HttpMethod.Put, "/caches");
        using HttpResponseMessage response = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST", "GET", "HEAD"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Head_has_the_status_and_type_of_get_and_no_body()
    {
        using HttpRequestMessage request = new(HttpMethod.Head, "/caches/nobody");
        using HttpResponseMessage response = await Http.SendAsync(request);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/backups?limit=1&limit=2", "given twice")]
    [InlineData("/backups?colour=red", "does not take")]
    [InlineData("/backups?status=gone", "one of: ")]
    [InlineData("/health?x=1", "does not take")]
    public async Task A_query_that_the_route_does_not_take_is_refused(string path, string reason) =>
        Answers.AssertProblem(await running.Client.GetAsync(path), HttpStatusCode.BadRequest, "invalid-request", reason);

    [Theory]
    [InlineData("/backups/%zz")]
    [InlineData("/backups/%ff")]
    [InlineData("/backups?cache=%")]
    public async Task What_is_not_well_encoded_is_a_bad_request(string target)
    {
        // By hand: a client would mend it before it is sent.
        using TcpClient tcp = new();
        await tcp.ConnectAsync(IPAddress.Loopback, running.Service.Host.Url.Port);
        await using NetworkStream stream = tcp.GetStream();
        string token = running.Service.Host.Token.Value.Reveal();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"));
        using StreamReader reader = new(stream);
        Assert.StartsWith("HTTP/1.1 400 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_is_served()
    {
        JsonElement document = await Http.GetFromJsonAsync<JsonElement>("/openapi.json");
        Assert.Equal("Cache Backup", document.GetProperty("info").GetProperty("title").GetString());
        Assert.True(document.GetProperty("paths").TryGetProperty("/backups/{name}", out _));
    }

    [Fact]
    public async Task Sixteen_racing_requests_with_one_key_register_one_cache()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => RegisterAsync("raced", "race-1")));
        JsonElement[] bodies = await Task.WhenAll(answers.Select(a => a.Content.ReadFromJsonAsync<JsonElement>()));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode));
        Assert.Single(bodies.Select(b => b.GetProperty("createdAt").GetString()).Distinct());
        Assert.Equal(15, answers.Count(a => a.Headers.Contains("Idempotent-Replayed")));

        using HttpResponseMessage other = await RegisterAsync("another", "race-1");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        await running.Client.WaitForAsync("/caches/raced", "create-failed");
        using HttpResponseMessage later = await RegisterAsync("raced", "race-1");
        Assert.Equal("create-failed", (await later.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_service_on_IPv6_shows_its_address_and_is_called_by_it()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        DirectoryInfo directory = Directory.CreateTempSubdirectory("cache-backup-");
        LocalHostOptions options = new() { DataDirectory = directory.FullName, Url = new Uri("http://[::1]:0") };
        await using (LocalHost host = await LocalHost.StartAsync(options, null, CancellationToken.None))
        {
            Assert.Equal("[::1]", host.Url.Host);
            using HttpClient client = new() { BaseAddress = host.Url };
            using HttpResponseMessage response = await client.GetAsync("/health");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        directory.Delete(recursive: true);
    }

    /// <summary>A cache that cannot be reached: the service has something to do, and nothing is left behind that is in use.</summary>
    private async Task<HttpResponseMessage> RegisterAsync(string name, string key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/caches") { Content = JsonContent.Create(new { name, host = "127.0.0.1", port = 1 }) };
        request.Headers.Add("Idempotency-Key", key);
        return await Http.SendAsync(request);
    }
}
