using System.Text.Json;
using CacheBackup.Fixtures;
using CacheBackup.Local.Client;

namespace CacheBackup.Local.Commands.Service;

public sealed class ServiceCommandsTests : IDisposable
{
    private const string Id = "local:1:backup:nightly-1";
    private const string Running = """{"id":"local:1:backup:nightly-1","status":"running","progress":{"bytes":50,"totalBytes":100,"keys":5}}""";
    private const string Creating = """{"name":"nightly","status":"creating","execution":"local:1:backup:nightly-1"}""";
    private const string Available = """{"name":"nightly","status":"available","sizeBytes":2048,"keys":1234}""";

    private readonly ScriptedService _service = new();

    public static TheoryData<string, string> Calls => new()
    {
        { "backups create nightly --cache shop", """POST /backups {"name":"nightly","cache":"shop"}""" },
        { "backups create nightly --cache shop --tag a=b --tag c=d=e", """POST /backups {"name":"nightly","cache":"shop","tags":[{"key":"a","value":"b"},{"key":"c","value":"d=e"}]}""" },
        { "backups show nightly", "GET /backups/nightly" },
        { "backups delete nightly", "DELETE /backups/nightly" },
        { "backups copy nightly other --to s3://b/p", """POST /backups/nightly/copy {"name":"other","location":"s3://b/p"}""" },
        { "backups verify nightly", "POST /backups/nightly/verify" },
        { "backups export nightly --to s3://b/p --as file", """POST /backups/nightly/export {"location":"s3://b/p","name":"file"}""" },
        { "backups export nightly --to s3://b/p", """POST /backups/nightly/export {"location":"s3://b/p","name":"nightly"}""" },
        { "backups list --cache shop --kind manual --status available --engine redis --tag a=b", "GET /backups?cache=shop&kind=manual&status=available&engine=redis&tag=a&tagValue=b" },
        { "backups list --tag a --limit 5", "GET /backups?tag=a&limit=5" },
        { "caches list", "GET /caches" },
        { "caches show shop", "GET /caches/shop" },
        { "caches register shop redis://127.0.0.1", """POST /caches {"name":"shop","host":"127.0.0.1","port":6379}""" },
        {
            "caches register shop rediss://me@shop.test:6380 --password env:P --server-name s --retention-days 7 --window 23:30-00:30",
            """POST /caches {"name":"shop","host":"shop.test","port":6380,"tls":{"serverName":"s"},"username":"me","password":"env:P","automaticBackups":{"retentionDays":7,"window":"23:30-00:30"}}"""
        },
        { "caches modify shop --retention-days 0", """PATCH /caches/shop {"automaticBackups":{"retentionDays":0}}""" },
        { "caches remove shop", "DELETE /caches/shop" },
        { "caches remove shop --final-backup last", "DELETE /caches/shop?finalBackup=last" },
        { "restore nightly --into copy", """POST /backups/nightly/restore {"cache":"copy"}""" },
        {
            "restore nightly --into copy --engine valkey --fill load --allow-engine-change --tag a=b",
            """POST /backups/nightly/restore {"cache":"copy","engine":"valkey","fill":"load","allowEngineChange":true,"tags":[{"key":"a","value":"b"}]}"""
        },
        { "executions list --machine backup", "GET /executions?machine=backup" },
        { $"executions show {Id}", "GET /executions/local%3A1%3Abackup%3Anightly-1" },
        { $"executions cancel {Id}", "POST /executions/local%3A1%3Abackup%3Anightly-1/cancel" },
        { "events --cache shop --code backup-failed --since 2026-01-31T00:00:00Z --limit 7", "GET /events?cache=shop&code=backup-failed&since=2026-01-31T00%3A00%3A00Z&limit=7" },
        { "events --backup nightly", "GET /events?backup=nightly&limit=50" },
    };

    public void Dispose() => _service.Dispose();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_command_asks_the_service_and_shows_its_answer(string arguments, string call)
    {
        _service.Answers(200, """{"name":"[red]shown[/]"}""");

        ToolRun run = await RunAsync([.. arguments.Split(' '), "--json"]);

        Assert.Equal((0, string.Empty), (run.Status, run.Error));
        Assert.Equal(call, Assert.Single(_service.Calls));
        Assert.Equal("Bearer the-token", Assert.Single(_service.Authorizations));
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(run.Output).RootElement.ValueKind);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_command_shows_a_table_to_people(string arguments, string call)
    {
        _service.Answers(200, """{"name":"[red]shown[/]","status":"\u001b[31mred","sizeBytes":2048,"list":[{"a":1}]}""");

        ToolRun run = await RunAsync(arguments.Split(' '));

        Assert.Equal((0, string.Empty), (run.Status, run.Error));
        Assert.NotEmpty(call);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.Contains('|', run.Output);
    }

    [Fact]
    public async Task A_list_reads_every_page()
    {
        _service.Answers(200, """{"backups":[{"name":"b","status":"available","kind":"manual","cache":"shop","createdAt":"2026-01-31T00:00:00+00:00"}],"marker":"m/1"}""")
            .Answers(200, """{"backups":[{"name":"a","status":"failed"}],"unreadable":[{"name":"x","reason":"newer"}]}""");

        ToolRun run = await RunAsync("backups", "list");

        Assert.Equal(["GET /backups", "GET /backups?marker=m%2F1"], _service.Calls);
        Assert.Contains("2026-01-31 00:00:00 UTC", run.Output, StringComparison.Ordinal);
        Assert.Contains("failed", run.Output, StringComparison.Ordinal);
        Assert.Contains("x cannot be read: newer", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_ends_where_it_is_told_to_and_says_how_to_go_on()
    {
        _service.Answers(200, """{"caches":[{"name":"a"},{"name":"b"}],"marker":"b"}""");

        ToolRun run = await RunAsync("caches", "list", "--limit", "2", "--json");

        Assert.Equal("GET /caches?limit=2", Assert.Single(_service.Calls));
        Assert.Equal("b", JsonDocument.Parse(run.Output).RootElement.GetProperty("marker").GetString());
    }

    [Fact]
    public async Task Waiting_ends_with_the_record_at_its_good_end()
    {
        _service.Answers(202, Creating).Answers(200, Creating).Answers(200, Running).Answers(200, Available);

        ToolRun run = await RunAsync("backups", "create", "nightly", "--cache", "shop", "--wait", "--json");

        Assert.Equal(0, run.Status);
        Assert.Equal("available", JsonDocument.Parse(run.Output).RootElement.GetProperty("status").GetString());
        Assert.Contains("Backing up", run.Error, StringComparison.Ordinal);
        Assert.Equal("GET /executions/local%3A1%3Abackup%3Anightly-1", _service.Calls[2]);
    }

    [Fact]
    public async Task Waiting_for_a_job_that_fails_ends_with_1_and_its_reason()
    {
        _service.Answers(202, Creating).Answers(200, """{"name":"nightly","status":"failed","statusReason":"The cache refuses."}""");

        ToolRun run = await RunAsync("backups", "create", "nightly", "--cache", "shop", "--wait");

        Assert.Equal((1, string.Empty), (run.Status, run.Output));
        Assert.Equal("cache-backup backups create: nightly ended as failed. The cache refuses.", LastLine(run.Error));
    }

    [Fact]
    public async Task Waiting_for_a_removal_ends_when_it_is_gone()
    {
        _service.Answers(202, """{"name":"nightly","status":"deleting"}""").Answers(200, """{"name":"nightly","status":"deleting"}""")
            .AnswersProblem(404, "not-found", "There is none.");

        ToolRun run = await RunAsync("backups", "delete", "nightly", "--wait");

        Assert.Equal((0, "nightly is deleted."), (run.Status, run.Output.Trim()));
    }

    [Fact]
    public async Task Waiting_for_a_removal_that_broke_off_ends_with_1()
    {
        _service.Answers(202, """{"name":"shop","status":"deleting"}""").Answers(200, """{"name":"shop","status":"deleting","statusReason":"Remove it again."}""");

        ToolRun run = await RunAsync("caches", "remove", "shop", "--wait");

        Assert.Equal(1, run.Status);
        Assert.Contains("Remove it again.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify nightly", "verify")]
    [InlineData("export nightly --to s3://b", "export")]
    public async Task Waiting_for_a_job_on_a_backup_follows_the_execution_that_uses_it(string arguments, string route)
    {
        _service.Answers(202, $$"""{"name":"nightly","status":"available","execution":"local:1:backup:old-1","uses":[{"kind":"{{route}}","execution":"{{Id}}"}]}""")
            .Answers(200, Running).Answers(200, Running.Replace("running", "succeeded", StringComparison.Ordinal)).Answers(200, Available);

        ToolRun run = await RunAsync([.. $"backups {arguments} --wait --json".Split(' ')]);

        Assert.Equal(0, run.Status);
        Assert.Equal(["GET /executions/local%3A1%3Abackup%3Anightly-1", "GET /executions/local%3A1%3Abackup%3Anightly-1", "GET /backups/nightly"], _service.Calls[1..]);
    }

    [Theory]
    [InlineData("No route.")]
    [InlineData("""{\"errorType\":\"CacheUnreachableException\",\"errorMessage\":\"No route.\",\"stackTrace\":[\"at somewhere\"]}""")]
    public async Task Waiting_for_an_execution_that_fails_ends_with_1_and_its_cause(string cause)
    {
        _service.Answers(200, $$"""{"status":"failed","error":"CacheUnreachableException","cause":"{{cause}}"}""");

        ToolRun run = await RunAsync("executions", "wait", Id);

        Assert.Equal((1, $"cache-backup executions wait: {Id} ended as failed. CacheUnreachableException: No route."), (run.Status, LastLine(run.Error)));
    }

    [Fact]
    public async Task Tags_are_set_and_removed_and_then_shown()
    {
        _service.Answers(200, "{}").Answers(200, "{}").Answers(200, """{"tags":[{"key":"a","value":"b"}]}""");

        ToolRun run = await RunAsync("backups", "tag", "nightly", "--set", "a=b", "--remove", "c d");

        Assert.Equal(["""POST /backups/nightly/tags {"tags":[{"key":"a","value":"b"}]}""", "DELETE /backups/nightly/tags?key=c%20d", "GET /backups/nightly/tags"], _service.Calls);
        Assert.Contains("| a", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_is_shown_plainly()
    {
        _service.AnswersProblem(409, "conflict", "Cache shop is held by a backup.");

        ToolRun run = await RunAsync("backups", "create", "nightly", "--cache", "shop");

        Assert.Equal((1, string.Empty), (run.Status, run.Output));
        Assert.Equal("cache-backup backups create: Cache shop is held by a backup.", run.Error.Trim());
    }

    [Fact]
    public async Task The_token_comes_from_a_file_that_nobody_else_reads()
    {
        using TemporaryDirectory directory = new();
        string path = Path.Combine(directory.Path, "token");
        await File.WriteAllTextAsync(path, "from-the-file\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _service.Answers(200, "{}");
        Assert.Equal(0, (await RunAsync("caches", "show", "shop", "--token-file", path)).Status);
        Assert.Equal("Bearer from-the-file", Assert.Single(_service.Authorizations));

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        ToolRun open = await RunAsync("caches", "show", "shop", "--token-file", path);
        Assert.Equal(ExitStatus.BadUsage, open.Status);
        Assert.Contains("chmod 600", open.Error, StringComparison.Ordinal);
        Assert.Single(_service.Calls);
    }

    [Theory]
    [InlineData("backups create nightly --cache shop --tag nonsense")]
    [InlineData("caches modify shop")]
    [InlineData("caches register shop redis://127.0.0.1 --ca ca.pem")]
    public async Task What_does_not_fit_together_is_bad_usage(string arguments)
    {
        ToolRun run = await RunAsync(arguments.Split(' '));
        Assert.Equal(ExitStatus.BadUsage, run.Status);
        Assert.Empty(_service.Calls);
    }

    // Before it there may be lines of progress.
    private static string LastLine(string text) => text.Trim().Split('\n')[^1];

    private Task<ToolRun> RunAsync(params string[] arguments) => ToolRun.RunAsync(_service, arguments);
}
