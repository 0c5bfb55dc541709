using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CacheBackup.EndToEnd;

/// <summary>Requests that are refused before anything happens.</summary>
public sealed class BadRequestTests(RunningService running) : IClassFixture<RunningService>
{
    private const string LongestName = "a123456789b123456789c123456789d123456789";

    public static TheoryData<string, string> WrongNames => new()
    {
        { "", "has 1 to 40 characters; this one is empty" },
        { LongestName + "e", "has 1 to 40 characters; this one has 41" },
        { "1st", "starts with a letter" },
        { "-a", "starts with a letter" },
        { "a--b", "has no two hyphens together" },
        { "a-", "does not end with a hyphen" },
        { "a_b", "holds only letters, digits and hyphens" },
        { "a.b", "holds only letters, digits and hyphens" },
        { "a/b", "holds only letters, digits and hyphens" },
        { "a b", "holds only letters, digits and hyphens" },
        { "é", "holds only letters, digits and hyphens" },
        { "automatic.source-2026-01-01-00-00", "holds only letters, digits and hyphens" },
    };

    [Theory]
    [MemberData(nameof(WrongNames))]
    public async Task Wrong_backup_name_is_refused_with_its_rule(string name, string rule) => Answers.AssertProblem(
        await running.Client.SendAsync(HttpMethod.Post, "/backups", new { name, cache = "source" }),
        HttpStatusCode.BadRequest, "invalid-request", $"A backup name {rule}.");

    [Theory]
    [MemberData(nameof(WrongNames))]
    public async Task Wrong_cache_name_is_refused_with_its_rule(string name, string rule)
    {
        Answers.AssertProblem(
            await running.Client.SendAsync(HttpMethod.Post, "/caches", new { name, host = "127.0.0.1", port = 1 }),
            HttpStatusCode.BadRequest, "invalid-request", $"A cache name {rule}.");
        Answers.AssertProblem(
            await running.Client.SendAsync(HttpMethod.Post, "/backups/some/restore", new { cache = name }),
            HttpStatusCode.BadRequest, "invalid-request", $"A cache name {rule}.");
    }

    [Fact]
    public async Task Longest_name_in_capitals_is_taken_as_lower_case()
    {
        (HttpStatusCode status, JsonElement body) = await running.Client.SendAsync(
            HttpMethod.Post, "/backups", new { name = LongestName.ToUpperInvariant(), cache = "No-Such-1" });
        Answers.AssertProblem((status, body), HttpStatusCode.NotFound, "not-found", "no-such-1");
    }

    [Theory]
    [InlineData("GET", "/caches/nobody", "cache named nobody")]
    [InlineData("DELETE", "/caches/nobody", "cache named nobody")]
    [InlineData("GET", "/backups/nothing", "backup named nothing")]
    [InlineData("DELETE", "/backups/nothing", "backup named nothing")]
    [InlineData("GET", "/executions/unknown", "no execution")]
    [InlineData("POST", "/executions/unknown/cancel", "no execution")]
    [InlineData("GET", "/executions/local%3Ahost%3Abackup%3Anone-1", "no execution")]
    public async Task What_is_not_there_is_named(string method, string path, string named) => Answers.AssertProblem(
        await running.Client.SendAsync(new HttpMethod(method), path), HttpStatusCode.NotFound, "not-found", named);

    [Fact]
    public async Task Backup_of_an_unknown_cache_is_refused() => Answers.AssertProblem(
        await running.Client.SendAsync(HttpMethod.Post, "/backups", new { name = "first", cache = "nobody" }),
        HttpStatusCode.NotFound, "not-found", "cache named nobody");

    [Fact]
    public async Task Restore_of_an_unknown_backup_is_refused() => Answers.AssertProblem(
        await running.Client.SendAsync(HttpMethod.Post, "/backups/nothing/restore", new { cache = "copy" }),
        HttpStatusCode.NotFound, "not-found", "backup named nothing");

    [Theory]
    [InlineData("127.0.0.1", 0, "port")]
    [InlineData("127.0.0.1", 65536, "port")]
    [InlineData("not a host", 6379, "host")]
    [InlineData("", 6379, "host")]
    public async Task Wrong_address_is_refused(string host, int port, string named) => Answers.AssertProblem(
        await running.Client.SendAsync(HttpMethod.Post, "/caches", new { name = "source", host, port }),
        HttpStatusCode.BadRequest, "invalid-request", named);

    [Fact]
    public async Task Port_that_is_left_out_is_6379()
    {
        (HttpStatusCode status, JsonElement cache) = await running.Client.SendAsync(
            HttpMethod.Post, "/caches", new { name = "usual-port", host = "127.0.0.1", tls = new { } });
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(6379, cache.GetProperty("shards")[0].GetProperty("address").GetProperty("endpoint").GetProperty("port").GetInt32());
    }

    [Fact]
    public async Task Password_in_place_of_its_reference_is_refused_and_not_repeated()
    {
        const string Password = "hunter2-is-no-reference";
        (HttpStatusCode status, JsonElement body) = await running.Client.SendAsync(
            HttpMethod.Post, "/caches", new { name = "source", host = "127.0.0.1", password = Password });
        Answers.AssertProblem((status, body), HttpStatusCode.BadRequest, "invalid-request", "env:", "file:");
        Assert.DoesNotContain(Password, body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("{", "line 1")]
    [InlineData("[]", "docs/api.md")]
    [InlineData("\"hunter2\"", "docs/api.md")]
    [InlineData("{\"name\": 7, \"cache\": \"hunter2\"}", "$.name")]
    [InlineData("{\"name\": null, \"cache\": \"hunter2\"}", "$.name")]
    [InlineData("{\"name\": \"first\"}", "docs/api.md")]
    [InlineData("{\"name\": \"first\", \"cache\": \"source\", \"hunter\": \"hunter2\"}", "$.hunter")]
    [InlineData("{\"name\": \"first\", \"cache\": \"source\"} trailing", "line 1")]
    public async Task Body_of_another_shape_is_refused_without_repeating_it(string body, string named)
    {
        (HttpStatusCode status, JsonElement answer) = await SendRawAsync("/backups", body);
        Answers.AssertProblem((status, answer), HttpStatusCode.BadRequest, "invalid-request", named);
        Assert.DoesNotContain("hunter2", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_of_64_KiB_is_read_and_one_of_a_byte_more_is_not()
    {
        const string Start = "{\"name\": \"a--b\", \"cache\": \"source\"}";
        const int Limit = 64 * 1024;
        Answers.AssertProblem(await SendRawAsync("/backups", Start.PadRight(Limit)), HttpStatusCode.BadRequest, "invalid-request", "hyphens");
        Answers.AssertProblem(
            await SendRawAsync("/backups", Start.PadRight(Limit + 1)), HttpStatusCode.RequestEntityTooLarge, "body-too-large", "65536");
        Answers.AssertProblem(
            await SendRawAsync("/backups", Start.PadRight(Limit * 4)), HttpStatusCode.RequestEntityTooLarge, "body-too-large", "65536");
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound, "no-such-route")]
    [InlineData("GET", "/backups/first/second", HttpStatusCode.NotFound, "no-such-route")]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "no-such-route")]
    [InlineData("PUT", "/backups", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("GET", "/backups/first/restore", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("POST", "/health", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task Unknown_route_and_wrong_method_are_told_apart(string method, string path, HttpStatusCode status, string code) =>
        Answers.AssertProblem(await running.Client.SendAsync(new HttpMethod(method), path), status, code);

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==")]
    public async Task Call_without_the_token_is_refused(string? authorization)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/backups");
        Answers.AssertProblem(await SendAsAsync(request, authorization), HttpStatusCode.Unauthorized, "no-token", "token file");
    }

    [Theory]
    [InlineData("https://attacker.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task Call_from_another_origins_page_is_refused_even_with_the_token(string origin)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/backups");
        request.Headers.Add("Origin", origin);
        Answers.AssertProblem(await SendAsync(request), HttpStatusCode.Forbidden, "foreign-origin");
    }

    [Theory]
    [InlineData("attacker.example")]
    [InlineData("127.0.0.1.attacker.example")]
    public async Task Call_by_a_foreign_host_name_is_refused_even_with_the_token(string host)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/backups");
        request.Headers.Host = host;
        Answers.AssertProblem(await SendAsync(request), HttpStatusCode.MisdirectedRequest, "wrong-host", "127.0.0.1");
    }

    [Fact]
    public async Task Refused_requests_leave_nothing_behind()
    {
        Assert.Equal(0, (await running.Client.GetAsync("/backups")).Body.GetProperty("backups").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await running.Client.GetAsync("/caches/source")).Status);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendRawAsync(string path, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        return await SendAsync(request);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await running.Client.Http.SendAsync(request);
        return (response.StatusCode, await ReadAsync(response));
    }

    /// <summary>From a client of its own, which has no token.</summary>
    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsAsync(HttpRequestMessage request, string? authorization)
    {
        using HttpClient stranger = new() { BaseAddress = running.Service.Host.Url };
        if (authorization is not null)
        {
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        }

        using HttpResponseMessage response = await stranger.SendAsync(request);
        return (response.StatusCode, await ReadAsync(response));
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }
}
