using System.Text.Json;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.Tests.Api;
using CacheBackup.Aws.Watching;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;

namespace CacheBackup.Aws.Tests.Watching;

public sealed class EventBridgeSinkTests(MotoServer moto)
{
    private const string Taken = """{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}""";
    private const string Refused = """{"FailedEntryCount":1,"Entries":[{"ErrorCode":"InternalFailure","ErrorMessage":"m"}]}""";

    private static readonly BackupEvent Told = BackupEvent.Of(
        EventCode.BackupAvailable,
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        "Backup orders is available: 1 keys, \"ä\".",
        CacheName.Parse("shop"),
        BackupName.Parse("orders"),
        new ExecutionId("e"));

    private readonly List<string> _log = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_goes_on_the_bus_as_the_catalog_writes_it()
    {
        await using ScriptedServer server = new(Answers.Json(Taken));
        using AwsApi api = Open(server);

        await new EventBridgeSink(api, "backups", _log.Add).SendAsync(Told, Cancellation);

        ScriptedRequest sent = Assert.Single(server.Requests);
        Assert.Equal("AWSEvents.PutEvents", sent.Header("X-Amz-Target"));
        using JsonDocument body = JsonDocument.Parse(sent.Body);
        JsonElement entry = Assert.Single(body.RootElement.GetProperty("Entries").EnumerateArray());
        Assert.Equal(
            ("cache-backup", "BackupAvailable", "backups", Told.At.ToUnixTimeSeconds()),
            (entry.GetProperty("Source").GetString(), entry.GetProperty("DetailType").GetString(), entry.GetProperty("EventBusName").GetString(),
                entry.GetProperty("Time").GetInt64()));
        string detail = entry.GetProperty("Detail").GetString()!;
        Assert.DoesNotContain('\n', detail);
        using JsonDocument told = JsonDocument.Parse(detail);
        Assert.Equal(
            (Told.Id, "backup-available", "shop", "orders", "e", Told.Message),
            (Text(told, "id"), Text(told, "code"), Text(told, "cache"), Text(told, "backup"), Text(told, "execution"), Text(told, "message")));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task Event_that_is_refused_once_is_put_again()
    {
        await using ScriptedServer server = new(Answers.Json(Refused), Answers.Json(Taken));
        using AwsApi api = Open(server);

        await new EventBridgeSink(api, "backups", _log.Add).SendAsync(Told, Cancellation);

        Assert.Equal(2, server.Requests.Count);
        Assert.Empty(_log);
    }

    [Fact]
    public async Task Event_that_is_refused_again_is_logged_and_fails_nobody()
    {
        await using ScriptedServer server = new(Answers.Json(Refused));
        using AwsApi api = Open(server);

        await new EventBridgeSink(api, "backups", _log.Add).SendAsync(Told, Cancellation);

        Assert.Equal(2, server.Requests.Count);
        string line = Assert.Single(_log);
        Assert.Contains("InternalFailure", line, StringComparison.Ordinal);
        Assert.Contains(Told.Id, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"__type":"AccessDeniedException"}""", 400, "events:PutEvents")]
    [InlineData("""{"__type":"ResourceNotFoundException","message":"Event bus backups does not exist."}""", 400, "does not exist")]
    [InlineData("", 503, "503")]
    [InlineData("not JSON", 200, "not the JSON")]
    public async Task Bus_that_does_not_answer_well_fails_nobody(string body, int status, string said)
    {
        await using ScriptedServer server = new(Answers.Json(body, status));
        using AwsApi api = Open(server);

        await new EventBridgeSink(api, "backups", _log.Add).SendAsync(Told, Cancellation);

        Assert.Contains(said, Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bus_in_moto_takes_it()
    {
        using AwsApi api = await MotoApi.OpenAsync(moto, AwsService.EventBridge);
        string bus = MotoApi.NewName("bus");
        await MotoApi.ArrangeAsync(api, "AWSEvents.CreateEventBus", "1.1", $$"""{"Name":"{{bus}}"}""");

        await new EventBridgeSink(api, bus, _log.Add).SendAsync(Told, Cancellation);

        Assert.Empty(_log);
    }

    private static string? Text(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString();

    private static AwsApi Open(ScriptedServer server) =>
        AwsApi.Open(AwsService.EventBridge, Answers.Impatient(server.Endpoint), TimeProvider.System, MotoApi.Credentials);
}
