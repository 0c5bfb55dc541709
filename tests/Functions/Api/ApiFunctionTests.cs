using System.Text;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.OpenApi;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Storage;
using CacheBackup.Functions.Api;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Functions.Tests.Api;

public sealed class ApiFunctionTests
{
    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task Health_tells_the_version_and_is_not_to_be_cached()
    {
        APIGatewayHttpApiV2ProxyResponse answer = await AskAsync("GET", "/health");
        Assert.Equal(200, answer.StatusCode);
        Assert.Equal("1.2.3", Read(answer).GetProperty("version").GetString());
        Assert.Equal("no-store", answer.Headers!["cache-control"]);
    }

    [Fact]
    public async Task No_route_works_longer_than_ten_seconds()
    {
        FakeTimeProvider time = new();
        MemoryService stalled = new(time, store => new FaultyObjectStore(store, StoreFault.Always(StoreOperation.Get, StoreFaultKind.Stall)));
        FunctionTable functions = new(stalled.Parts);
        foreach ((string function, string path) in new[] { ("Api", "/backups/one"), ("Download", "/backups/one/download") })
        {
            InvocationContext context = new() { RemainingTime = functions.Entries[function].Timeout };
            string http = $$"""{"method":"GET","path":"{{path}}"}""";
            using MemoryStream request = new(Encoding.UTF8.GetBytes($$"""{"version":"2.0","rawPath":"{{path}}","requestContext":{"http":{{http}} } }"""));
            using MemoryStream answer = new();
            Task answered = functions.Entries[function].InvokeAsync(request, answer, context);
            time.Advance(TimeSpan.FromSeconds(9));
            Assert.False(answered.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(1));
            await answered.WaitAsync(TimeSpan.FromSeconds(30));
            JsonElement told = JsonElement.Parse(answer.ToArray());
            Assert.Equal(503, told.GetProperty("statusCode").GetInt32());
            Assert.Contains("timed-out", told.GetProperty("body").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/backups", "backups")]
    [InlineData("/caches", "caches")]
    public async Task Pages_follow_one_another_by_marker_without_gap_or_repetition(string path, string member)
    {
        string[] names = ["a", "ab", "ab-c", "b1", "c", "d", "e"];
        foreach (string name in names)
        {
            await _service.AddCacheAsync(name);
            await _service.AddBackupAsync(name, BackupStatus.Available);
        }

        List<string> seen = [];
        List<int> sizes = [];
        string? marker = null;
        do
        {
            JsonElement page = Read(await AskAsync("GET", path, null, ("limit", "3"), ("marker", marker)));
            seen.AddRange(page.GetProperty(member).EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            sizes.Add(page.GetProperty(member).GetArrayLength());
            marker = page.TryGetProperty("marker", out JsonElement next) ? next.GetString() : null;
        }
        while (marker is not null && sizes.Count < 10);

        Assert.Equal(names.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        Assert.Equal([3, 3, 1], sizes);
    }

    [Fact]
    public async Task A_page_that_holds_the_last_item_has_no_marker()
    {
        await _service.AddBackupAsync("one", BackupStatus.Available);
        await _service.AddBackupAsync("two", BackupStatus.Available);
        Assert.False(Read(await AskAsync("GET", "/backups", null, ("limit", "2"))).TryGetProperty("marker", out _));
    }

    [Fact]
    public async Task Filters_show_the_backups_of_a_cache_and_of_a_status_only()
    {
        await _service.AddBackupAsync("one", BackupStatus.Available, "left");
        await _service.AddBackupAsync("two", BackupStatus.Failed, "left");
        await _service.AddBackupAsync("three", BackupStatus.Available, "right");
        Assert.Equal(["one", "two"], (await NamesAsync(("cache", "left"))).Order(StringComparer.Ordinal));
        Assert.Equal(["one", "three"], (await NamesAsync(("status", "available"))).Order(StringComparer.Ordinal));
        Assert.Equal(["one"], await NamesAsync(("cache", "LEFT"), ("status", "available")));
    }

    [Theory]
    [InlineData("limit", "+1")]
    [InlineData("status", "Available")]
    [InlineData("status", "gone")]
    [InlineData("colour", "red")]
    [InlineData("limit", "0")]
    [InlineData("limit", "101")]
    [InlineData("limit", "many")]
    [InlineData("marker", "not a name")]
    [InlineData("marker", "")]
    [InlineData("cache", "a--b")]
    [InlineData("status", "fine")]
    [InlineData("kind", "Manual")]
    [InlineData("engine", "1")]
    [InlineData("tagValue", "prod")]
    public async Task A_query_that_breaks_a_rule_is_refused(string name, string value) =>
        AssertProblem(await AskAsync("GET", "/backups", null, (name, value)), 400, "invalid-request");

    [Fact]
    public async Task Registering_a_cache_answers_202_and_where_it_is()
    {
        APIGatewayHttpApiV2ProxyResponse answer = await AskAsync("POST", "/caches", """{"name":"Mine","host":"mine.test","password":"env:PASS"}""");
        Assert.Equal(202, answer.StatusCode);
        Assert.Equal("/caches/mine", answer.Headers!["location"]);
        JsonElement shard = Read(answer).GetProperty("shards")[0].GetProperty("address");
        Assert.Equal(6379, shard.GetProperty("endpoint").GetProperty("port").GetInt32());
        Assert.Equal("env:PASS", shard.GetProperty("password").GetString());
        Assert.Equal(200, (await AskAsync("GET", "/caches/mine")).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"name":"mine"}""")]
    [InlineData("""{"name":"mine","host":"mine.test","colour":"red"}""")]
    [InlineData("""{"name":"mine","host":"mine.test","name":"yours"}""")]
    [InlineData("""{"name":"mine","host":"mine.test","tls":{"serverName":"a","serverName":"b"}}""")]
    [InlineData("""{"name":"mine","host":"mine.test","port":0}""")]
    [InlineData("""{"name":"mine","host":"mine.test","port":65536}""")]
    [InlineData("""{"name":"mine","host":"no host"}""")]
    [InlineData("""{"name":"2mine","host":"mine.test"}""")]
    [InlineData("""{"name":"mine","host":"mine.test","password":"hunter2-is-my-password"}""")]
    public async Task A_body_that_breaks_a_rule_is_refused_and_never_quoted(string body)
    {
        APIGatewayHttpApiV2ProxyResponse answer = await AskAsync("POST", "/caches", body);
        AssertProblem(answer, 400, "invalid-request");
        Assert.DoesNotContain("hunter2", answer.Body, StringComparison.Ordinal);
        Assert.Empty(_service.Executions.Started);
    }

    [Fact]
    public async Task A_backup_is_started_described_refused_again_and_its_execution_cancelled()
    {
        await _service.AddCacheAsync("source");
        APIGatewayHttpApiV2ProxyResponse answer = await AskAsync("POST", "/backups", """{"name":"Nightly","cache":"source"}""");
        Assert.Equal(202, answer.StatusCode);
        Assert.Equal("/backups/nightly", answer.Headers!["location"]);
        AssertProblem(await AskAsync("POST", "/backups", """{"name":"nightly","cache":"source"}"""), 409, "conflict");
        AssertProblem(await AskAsync("DELETE", "/backups/nightly"), 409, "conflict");

        JsonElement backup = Read(await AskAsync("GET", "/backups/Nightly"));
        Assert.Equal("creating", backup.GetProperty("status").GetString());
        string execution = "/executions/" + Uri.EscapeDataString(backup.GetProperty("execution").GetString()!);
        Assert.Equal("running", Read(await AskAsync("GET", execution)).GetProperty("status").GetString());
        APIGatewayHttpApiV2ProxyResponse cancelled = await AskAsync("POST", execution + "/cancel");
        Assert.Equal(202, cancelled.StatusCode);
        Assert.Equal("aborted", Read(cancelled).GetProperty("status").GetString());
        APIGatewayHttpApiV2ProxyResponse again = await AskAsync("POST", execution + "/cancel");
        AssertProblem(again, 409, "conflict");
        Assert.Contains("ended already (aborted)", again.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/backups/none")]
    [InlineData("DELETE", "/backups/none")]
    [InlineData("GET", "/caches/none")]
    [InlineData("DELETE", "/caches/none")]
    [InlineData("GET", "/executions/none")]
    [InlineData("GET", "/executions/test%3Ahere%3Abackup%3Anone")]
    [InlineData("POST", "/executions/none/cancel")]
    public async Task What_is_not_there_is_not_found(string method, string path) => AssertProblem(await AskAsync(method, path), 404, "not-found");

    [Theory]
    [InlineData("/caches/%73hop", 400)]
    [InlineData("/caches/50%", 400)]
    [InlineData("/caches/shop", 200)]
    [InlineData("/caches/shop/more", 404)]
    public async Task Path_of_the_gateway_is_decoded_already_and_not_once_more(string rawPath, int status)
    {
        await _service.AddCacheAsync("shop");
        APIGatewayHttpApiV2ProxyRequest request = new() { RawPath = rawPath, RequestContext = new() { Http = new() { Method = "GET" } } };
        APIGatewayHttpApiV2ProxyResponse answer = await new ApiFunction(_service.Parts, "1.2.3").HandleAsync(request, new InvocationContext());
        Assert.True(answer.StatusCode == status, answer.Body);
        Assert.DoesNotContain("percent", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_available_backup_is_restored()
    {
        await _service.AddBackupAsync("broken", BackupStatus.Failed);
        AssertProblem(await AskAsync("POST", "/backups/broken/restore", """{"cache":"fresh"}"""), 409, "backup-not-restorable");
        await _service.AddBackupAsync("whole", BackupStatus.Available);
        APIGatewayHttpApiV2ProxyResponse answer = await AskAsync("POST", "/backups/whole/restore", """{"cache":"fresh","fill":"restore"}""");
        Assert.Equal((202, "/caches/fresh"), (answer.StatusCode, answer.Headers!["location"]));
        Assert.Equal("restoring", Read(await AskAsync("GET", "/backups/whole")).GetProperty("status").GetString());
        Assert.Equal(["whole"], await NamesAsync(("status", "restoring")));
    }

    [Fact]
    public async Task Executions_that_run_are_listed_by_machine()
    {
        await _service.AddCacheAsync("source");
        await AskAsync("POST", "/caches", """{"name":"mine","host":"mine.test"}""");
        string backup = Read(await AskAsync("POST", "/backups", """{"name":"nightly","cache":"source"}""")).GetProperty("execution").GetString()!;
        Assert.Equal(2, Read(await AskAsync("GET", "/executions")).GetProperty("executions").GetArrayLength());
        Assert.Equal(1, Read(await AskAsync("GET", "/executions", null, ("limit", "1"))).GetProperty("executions").GetArrayLength());
        JsonElement ofBackup = Read(await AskAsync("GET", "/executions", null, ("machine", "backup"))).GetProperty("executions");
        Assert.Equal(backup, Assert.Single(ofBackup.EnumerateArray()).GetProperty("id").GetString());
        await AskAsync("POST", $"/executions/{Uri.EscapeDataString(backup)}/cancel");
        Assert.Equal(1, Read(await AskAsync("GET", "/executions")).GetProperty("executions").GetArrayLength());
    }

    [Fact]
    public async Task An_unexpected_failure_is_logged_with_its_route()
    {
        InvocationContext context = new();
        _service.Executions.StartFailure = new InvalidOperationException("deep inside");
        await _service.AddCacheAsync("source");
        APIGatewayHttpApiV2ProxyResponse answer = await AskAsync("POST", "/backups", """{"name":"nightly","cache":"source"}""", context);
        AssertProblem(answer, 500, "internal");
        Assert.DoesNotContain("deep inside", answer.Body, StringComparison.Ordinal);
        Assert.Contains("POST /backups", Assert.Single(context.Lines), StringComparison.Ordinal);
    }

    private static JsonElement Read(APIGatewayHttpApiV2ProxyResponse answer) => JsonDocument.Parse(answer.Body!).RootElement.Clone();

    private static void AssertProblem(APIGatewayHttpApiV2ProxyResponse answer, int status, string code)
    {
        Assert.True(answer.StatusCode == status, answer.Body);
        Assert.Equal(code, Read(answer).GetProperty("code").GetString());
        Assert.Equal(ApiResponse.Problem, answer.Headers!["content-type"]);
    }

    private async Task<string[]> NamesAsync(params (string Name, string? Value)[] query) =>
        [.. Read(await AskAsync("GET", "/backups", null, query)).GetProperty("backups").EnumerateArray().Select(b => b.GetProperty("name").GetString()!)];

    private Task<APIGatewayHttpApiV2ProxyResponse> AskAsync(string method, string path, string? body, InvocationContext context) =>
        AskAsync(method, path, body, [], context);

    private Task<APIGatewayHttpApiV2ProxyResponse> AskAsync(
        string method, string path, string? body = null, params (string Name, string? Value)[] query) =>
        AskAsync(method, path, body, query, new InvocationContext());

    private async Task<APIGatewayHttpApiV2ProxyResponse> AskAsync(
        string method, string path, string? body, (string Name, string? Value)[] query, InvocationContext context)
    {
        APIGatewayHttpApiV2ProxyRequest request = new()
        {
            RawPath = Uri.UnescapeDataString(path),
            Body = body,
            QueryStringParameters = query.Where(q => q.Value is not null).ToDictionary(q => q.Name, q => q.Value!),
            RequestContext = new() { Http = new() { Method = method } },
        };
        APIGatewayHttpApiV2ProxyResponse answer = await new ApiFunction(_service.Parts, "1.2.3").HandleAsync(request, context);
        Assert.Empty(ApiDescription.Stored.Violations(method, path, answer.StatusCode, Read(answer)));
        return answer;
    }
}
