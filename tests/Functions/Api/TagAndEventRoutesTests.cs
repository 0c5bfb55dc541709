using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Functions.Api;

namespace CacheBackup.Functions.Tests.Api;

public sealed class TagAndEventRoutesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly MemoryService _service = new(TimeProvider.System);

    [Fact]
    public async Task Tags_are_added_changed_listed_removed_and_searched()
    {
        await _service.AddBackupAsync("one", BackupStatus.Available);
        await _service.AddBackupAsync("two", BackupStatus.Available);
        await AskAsync(200, "POST", "/backups/one/tags", """{"tags":[{"key":"environment","value":"prod"},{"key":"owner","value":"team-x"}]}""");
        JsonElement changed = await AskAsync(200, "POST", "/backups/one/tags", """{"tags":[{"key":"environment","value":"dev"}]}""");
        Assert.Equal(2, changed.GetProperty("tags").GetArrayLength());
        Assert.Equal(["one"], await NamesAsync(("tag", "environment"), ("tagValue", "dev")));
        Assert.Equal(["one"], await NamesAsync(("tag", "owner")));
        Assert.Empty(await NamesAsync(("tag", "environment"), ("tagValue", "prod")));
        await AskAsync(200, "DELETE", "/backups/one/tags", null, ("key", "environment"));
        JsonElement left = await AskAsync(200, "GET", "/backups/one/tags");
        Assert.Equal("owner", Assert.Single(left.GetProperty("tags").EnumerateArray()).GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("POST", "/backups/one/tags", """{"tags":[{"key":"aws:x","value":"v"}]}""", 400)]
    [InlineData("POST", "/backups/one/tags", """{"tags":[{"key":"a"}]}""", 400)]
    [InlineData("POST", "/backups/one/tags", """{"tags":[null]}""", 400)]
    [InlineData("POST", "/backups/none/tags", """{"tags":[]}""", 404)]
    [InlineData("DELETE", "/backups/one/tags", null, 400)]
    [InlineData("GET", "/caches/none/tags", null, 404)]
    [InlineData("GET", "/costs", null, 400)]
    public async Task What_breaks_a_rule_is_refused(string method, string path, string? body, int status)
    {
        await _service.AddBackupAsync("one", BackupStatus.Available);
        await AskAsync(status, method, path, body);
    }

    [Fact]
    public async Task Costs_name_each_value_with_its_share()
    {
        await _service.AddBackupAsync("one", BackupStatus.Available);
        await _service.Parts.Catalog.Backups.ChangeAsync(
            BackupName.Parse("one"),
            b => b with { Shards = [SampleManifests.Shard(1, 2_000_000_000)], Tags = [new Tag("environment", "prod")] },
            default);
        JsonElement cost = Assert.Single((await AskAsync(200, "GET", "/costs", null, ("tag", "environment"))).GetProperty("costs").EnumerateArray());
        Assert.Equal("prod", cost.GetProperty("value").GetString());
        Assert.Equal(1, cost.GetProperty("backups").GetInt32());
        Assert.Equal(2_000_000_000, cost.GetProperty("sizeBytes").GetInt64());
        Assert.False(cost.TryGetProperty("dollarsPerMonth", out _));
    }

    [Fact]
    public async Task Where_the_price_is_known_a_backup_and_a_tag_say_what_they_cost()
    {
        MemoryService priced = new(TimeProvider.System) { StoragePricePerGigabyteMonth = 0.023m };
        await priced.AddBackupAsync("one", BackupStatus.Available);
        await priced.Parts.Catalog.Backups.ChangeAsync(
            BackupName.Parse("one"),
            b => b with { Shards = [SampleManifests.Shard(1, 2_000_000_000)], Tags = [new Tag("environment", "prod")] },
            default);
        Assert.Equal(0.046m, (await AskAsync(priced, 200, "GET", "/backups/one")).GetProperty("dollarsPerMonth").GetDecimal());
        JsonElement costs = (await AskAsync(priced, 200, "GET", "/costs", null, ("tag", "environment"))).GetProperty("costs");
        Assert.Equal(0.046m, costs[0].GetProperty("dollarsPerMonth").GetDecimal());
    }

    [Fact]
    public async Task Events_are_shown_by_source_code_and_time_in_pages()
    {
        for (int i = 0; i < 10; i++)
        {
            EventCode code = i % 2 == 0 ? EventCode.BackupCreating : EventCode.BackupAvailable;
            await _service.Parts.Events.PublishAsync(
                BackupEvent.Of(code, Start.AddMinutes(i), $"{i}", CacheName.Parse(i < 5 ? "left" : "right"), BackupName.Parse($"b{i}"), null), default);
        }

        Assert.Equal(["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"], await MessagesAsync());
        Assert.Equal(["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"], await MessagesAsync(("limit", "3")));
        Assert.Equal(["4", "3", "2", "1", "0"], await MessagesAsync(("cache", "left")));
        Assert.Equal(["7"], await MessagesAsync(("backup", "b7")));
        Assert.Equal(["9", "7", "5", "3", "1"], await MessagesAsync(("code", "backup-available"), ("limit", "2")));
        Assert.Equal(["5", "4", "3"], await MessagesAsync(("since", "2026-01-01T00:03:00Z"), ("until", "2026-01-01T00:05:00Z")));
    }

    [Theory]
    [InlineData("code", "nothing")]
    [InlineData("since", "yesterday-ish")]
    [InlineData("marker", "x")]
    [InlineData("limit", "0")]
    public async Task A_query_for_events_that_breaks_a_rule_is_refused(string name, string value) =>
        await AskAsync(400, "GET", "/events", null, (name, value));

    private async Task<List<string>> MessagesAsync(params (string Name, string Value)[] query)
    {
        List<string> messages = [];
        string? marker = null;
        do
        {
            JsonElement page = await AskAsync(200, "GET", "/events", null, marker is null ? query : [.. query, ("marker", marker)]);
            messages.AddRange(page.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("message").GetString()!));
            marker = page.TryGetProperty("marker", out JsonElement next) ? next.GetString() : null;
        }
        while (marker is not null);
        return messages;
    }

    private async Task<IEnumerable<string>> NamesAsync(params (string Name, string Value)[] query) =>
        (await AskAsync(200, "GET", "/backups", null, query)).GetProperty("backups").EnumerateArray().Select(b => b.GetProperty("name").GetString()!);

    private Task<JsonElement> AskAsync(int status, string method, string path, string? body = null, params (string Name, string Value)[] query) =>
        AskAsync(_service, status, method, path, body, query);

    private static async Task<JsonElement> AskAsync(
        MemoryService service, int status, string method, string path, string? body = null, params (string Name, string Value)[] query)
    {
        APIGatewayHttpApiV2ProxyRequest request = new()
        {
            RawPath = path,
            Body = body,
            QueryStringParameters = query.ToDictionary(q => q.Name, q => q.Value),
            RequestContext = new() { Http = new() { Method = method } },
        };
        APIGatewayHttpApiV2ProxyResponse answer = await new ApiFunction(service.Parts, "1").HandleAsync(request, new InvocationContext());
        Assert.True(answer.StatusCode == status, answer.Body);
        return JsonDocument.Parse(answer.Body!).RootElement;
    }
}
