using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.StepFunctions;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Local.Host;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>
/// One walk through every route of docs/openapi.json, once on <c>serve</c> and once on the published binary: the same requests get the
/// same replies, but for times, ids and links. Jobs are started in moto's Step Functions by both, and run by neither.
/// </summary>
[Trait("Category", "Server")]
public sealed partial class SameAnswersTests(PublishedBinary binary, MotoServer moto)
{
    private const string Execution = "{execution}";

    private static readonly (string Method, string Path, string? Body, string? Key)[] Walk =
    [
        ("GET", "/health", null, null),
        ("HEAD", "/health", null, null),
        ("GET", "/openapi.json", null, null),
        ("GET", "/nowhere", null, null),
        ("GET", "/caches/", null, null),
        ("PUT", "/caches", null, null),
        ("GET", "/caches", null, null),
        ("GET", "/caches?limit=0", null, null),
        ("GET", "/caches?colour=blue", null, null),
        ("GET", "/caches?limit=1", null, null),
        ("GET", "/caches/shop", null, null),
        ("GET", "/caches/nobody", null, null),
        ("GET", "/caches/%73hop", null, null),
        ("GET", "/caches/%2573hop", null, null),
        ("GET", "/caches/50%25", null, null),
        ("GET", "/caches/a%2Fb", null, null),
        ("POST", "/caches", """{"name":"new","host":"127.0.0.1","port":6379}""", null),
        ("GET", $"/executions/{Execution}", null, null),
        ("GET", "/executions", null, null),
        ("GET", "/executions?machine=register&limit=5", null, null),
        ("POST", $"/executions/{Execution}/cancel", null, null),
        ("POST", "/executions/nothing/cancel", null, null),
        ("POST", "/caches", """{"name":"new","host":"127.0.0.1","port":6379}""", null),
        ("POST", "/caches", """{"name":"9","host":"127.0.0.1"}""", null),
        ("POST", "/caches", "{", null),
        ("POST", "/caches", """{"name":"keyed","host":"127.0.0.1","port":6380}""", "a-key"),
        ("POST", "/caches", """{"name":"keyed","host":"127.0.0.1","port":6380}""", "a-key"),
        ("POST", "/caches", """{"name":"other","host":"127.0.0.1","port":6380}""", "a-key"),
        ("PATCH", "/caches/shop", """{"automaticBackups":{"retentionDays":7,"window":"23:30-00:30"}}""", null),
        ("PATCH", "/caches/shop", """{"automaticBackups":{"retentionDays":70}}""", null),
        ("GET", "/caches/shop/retention", null, null),
        ("POST", "/caches/shop/tags", """{"tags":[{"key":"team","value":"one"}]}""", null),
        ("GET", "/caches/shop/tags", null, null),
        ("DELETE", "/caches/shop/tags?key=team", null, null),
        ("GET", "/backups", null, null),
        ("GET", "/backups?cache=shop&kind=manual&status=available", null, null),
        ("GET", "/backups/first", null, null),
        ("GET", "/backups/none", null, null),
        ("POST", "/backups/first/tags", """{"tags":[{"key":"team","value":"one"}]}""", null),
        ("GET", "/backups/first/tags", null, null),
        ("GET", "/backups?tag=team", null, null),
        ("GET", "/costs?tag=team", null, null),
        ("DELETE", "/backups/first/tags?key=team", null, null),
        ("GET", "/backups/first/download", null, null),
        ("GET", "/backups/first/download?shard=9", null, null),
        ("GET", "/backups/none/download", null, null),
        ("POST", "/backups/first/verify", null, null),
        ("POST", "/backups/first/copy", """{"name":"second"}""", null),
        ("POST", "/backups/first/copy", """{"name":"second","location":"s3://elsewhere"}""", null),
        ("POST", "/backups/first/export", """{"location":"s3://walk-exports","name":"monthly"}""", null),
        ("POST", "/backups/import", """{"name":"third","file":"s3://walk-exports/some.rdb"}""", null),
        ("POST", "/backups/first/restore", """{"cache":"filled","endpoint":{"host":"127.0.0.1","port":6390}}""", null),
        ("POST", "/backups/first/restore", """{"cache":"shop","endpoint":{"host":"127.0.0.1","port":6390}}""", null),
        ("POST", "/backups", """{"name":"more","cache":"shop"}""", null),
        ("POST", "/backups", """{"name":"more","cache":"nobody"}""", null),
        ("DELETE", "/caches/shop?finalBackup=last", null, null),
        ("DELETE", "/caches/nobody", null, null),
        ("DELETE", "/backups/spare", null, null),
        ("GET", "/events", null, null),
        ("GET", "/events?cache=shop&limit=2", null, null),
        ("GET", "/purge", null, null),
    ];

    /// <summary>What starts a server process on the service's own machine: Lambda has none, and says so before anything starts.</summary>
    private static readonly (string Path, string? Body)[] OfOneMachine =
    [
        ("/backups/first/restore", """{"cache":"started"}"""),
        ("/backups/first/restore-test", null),
    ];

    [Fact]
    public void Walk_takes_every_route_of_the_description()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(PublishedBinary.Checkout, "docs", "openapi.json")));
        string[] walked = [.. Walk.Select(step => $"{step.Method} {step.Path.Split('?')[0]}"), .. OfOneMachine.Select(step => $"POST {step.Path}")];
        var missed =
            from path in document.RootElement.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            let form = $"^{method.Name.ToUpperInvariant()} {Regex.Replace(path.Name, @"\{[^}]*\}", "[^/]+")}$"
            where !walked.Any(step => Regex.IsMatch(step, form))
            select $"{method.Name} {path.Name}";
        Assert.Empty(missed);
    }

    [Fact]
    public async Task Serve_and_the_binary_answer_alike()
    {
        await using MotoStack serveStack = await MotoStack.CreateAsync(await moto.EndpointAsync(), $"walk-serve-{Environment.ProcessId}");
        await using MotoStack lambdaStack = await MotoStack.CreateAsync(await moto.EndpointAsync(), $"walk-lambda-{Environment.ProcessId}");
        using TemporaryDirectory directory = new();
        await using LocalHost serve = await StartServeAsync(serveStack, directory.Path);
        await SeedAsync(serve.Parts.Store);
        await SeedAsync(StoreOf(lambdaStack));
        Dictionary<string, string> variables = lambdaStack.Variables;
        variables["EXPORT_BUCKETS"] = variables["IMPORT_BUCKETS"] = "[\"s3://walk-exports\"]";
        variables.Remove("COPY_TARGETS");
        await using BinaryFunctions functions = new(binary.Path, variables);
        using HttpClient client = new() { BaseAddress = serve.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", serve.Token.Value.Reveal());

        List<string> different = [];
        (string Serve, string Lambda) execution = (string.Empty, string.Empty);
        foreach ((string method, string path, string? body, string? key) in Walk)
        {
            Reply ofServe = await AskAsync(client, method, With(path, execution.Serve), body, key);
            Reply ofLambda = await AskAsync(functions, method, With(path, execution.Lambda), body, key);
            if (execution.Serve.Length == 0 && ofServe.Body.Contains("arn:aws:states:", StringComparison.Ordinal))
            {
                execution = (ArnIn(ofServe.Body), ArnIn(ofLambda.Body));
            }

            if (Plain(ofServe) is var expected && Plain(ofLambda) is var found && expected != found)
            {
                different.Add($"{method} {path}\n  serve:  {expected}\n  lambda: {found}");
            }
        }

        Assert.True(different.Count == 0, string.Join('\n', different));
        foreach ((string path, string? body) in OfOneMachine)
        {
            Reply ofServe = await AskAsync(client, "POST", path, body, key: null);
            Assert.True(ofServe.Status == 202, $"{path}: {ofServe}");
            Reply ofLambda = await AskAsync(functions, "POST", path, body, key: null);
            Assert.True(ofLambda.Status == 409 && ofLambda.Body.Contains("\"target-not-available-here\"", StringComparison.Ordinal), $"{path}: {ofLambda}");
        }
    }

    private static async Task<LocalHost> StartServeAsync(MotoStack stack, string directory)
    {
        AwsApi api = AwsApi.Open(
            AwsService.StepFunctions,
            new AwsApiOptions { Endpoint = stack.Endpoint, Region = Settings.Region },
            TimeProvider.System,
            new global::Amazon.Runtime.BasicAWSCredentials("test", "test"));
        StepFunctionsExecutions executions = new(api, StateMachineArns.Parse(stack.Variables["STATE_MACHINES"]));
        return await LocalHost.StartAsync(
            new LocalHostOptions
            {
                DataDirectory = Path.Combine(directory, "data"),
                Url = new Uri("http://127.0.0.1:0"),
                Configured = new ConfiguredBuckets
                {
                    ExportBuckets = [BucketAddress.Parse("s3://walk-exports")],
                    ImportBuckets = [BucketAddress.Parse("s3://walk-exports")],
                },
            },
            parts => parts with { Executions = executions },
            CancellationToken.None);
    }

    private static RoutedObjectStore StoreOf(MotoStack stack)
    {
        global::Amazon.Runtime.BasicAWSCredentials credentials = new("test", "test");
        CacheBackup.Aws.S3StoreOptions options = new() { Endpoint = stack.Endpoint, Region = Settings.Region };
        return new RoutedObjectStore(CatalogKeys.DataRoot, Open("data"), Open("catalog"));

        CacheBackup.Aws.S3ObjectStore Open(string bucket) => CacheBackup.Aws.S3ObjectStore.Open(
            CacheBackup.Aws.S3Location.Parse($"s3://{stack.Name}-{bucket}"), options, TimeProvider.System, credentials);
    }

    /// <summary>A cache and two backups, the same for both.</summary>
    private static async Task SeedAsync(IObjectStore store)
    {
        BackupCatalog catalog = new(store, new SequentialIds());
        DateTimeOffset at = new(2026, 3, 12, 19, 0, 0, TimeSpan.Zero);
        CacheName shop = CacheName.Parse("shop");
        Assert.True(await catalog.Caches.TryCreateAsync(
            shop,
            new Cache
            {
                Name = shop,
                Status = CacheStatus.Available,
                CreatedAt = at,
                Shards = [new CacheShard(1, new CacheAddress { Endpoint = new CacheEndpoint("127.0.0.1", 6379) })],
                Engine = CacheEngine.Redis,
                EngineVersion = new CacheVersion(7, 0, 15),
                Topology = CacheTopology.ClusterDisabled,
            },
            default));
        foreach (string name in new[] { "first", "spare" })
        {
            BackupId id = new($"id-of-{name}");
            ShardManifest shard = SampleManifests.Shard(1, 5, id);
            await store.PutAsync(shard.DataKey, "bytes"u8.ToArray(), WriteCondition.Absent, default);
            Assert.True(await catalog.Backups.TryCreateAsync(
                BackupName.Parse(name),
                new Core.Model.Backup
                {
                    Name = BackupName.Parse(name),
                    Id = id,
                    Kind = BackupKind.Manual,
                    Status = BackupStatus.Available,
                    Cache = shop,
                    Execution = new ExecutionId("seeded"),
                    Generation = 1,
                    CreatedAt = at,
                    Shards = [shard],
                },
                default));
        }
    }

    private static async Task<Reply> AskAsync(HttpClient client, string method, string path, string? body, string? key)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
        return new Reply(
            (int)answer.StatusCode,
            answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(", ", h.Value)),
            await answer.Content.ReadAsStringAsync());
    }

    private static async Task<Reply> AskAsync(BinaryFunctions functions, string method, string path, string? body, string? key)
    {
        // As the gateway's routes have it: links to files are signed by a function of their own.
        string function = path.Split('?')[0].EndsWith("/download", StringComparison.Ordinal) ? "Download" : "Api";
        JsonElement answer = await functions.InvokeAsync(function, ProxyEvent.Of(method, path, body, key));
        return new Reply(
            answer.GetProperty("statusCode").GetInt32(),
            answer.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString()!),
            answer.GetProperty("body").GetString()!);
    }

    /// <summary>What is to be equal: the status, the headers that our handler sets, the body without what is another's each time.</summary>
    private static string Plain(Reply reply)
    {
        string[] headers = ["content-type", "cache-control", "location", "allow", "retry-after"];
        string told = string.Join("; ", headers.Where(reply.Headers.ContainsKey).Select(name => $"{name}: {Plain(reply.Headers[name])}"));
        return $"{reply.Status} {told} {Plain(reply.Body)}";
    }

    private static string Plain(string text) =>
        Digits().Replace(Identifiers().Replace(Links().Replace(Times().Replace(Stacks().Replace(text, "walk"), "TIME"), "LINK"), "ID"), "N");

    private static string With(string path, string execution) => path.Replace(Execution, Uri.EscapeDataString(execution), StringComparison.Ordinal);

    private static string ArnIn(string body) => Arns().Match(body).Value;

    [GeneratedRegex("walk-(serve|lambda)-[0-9]+")]
    private static partial Regex Stacks();

    [GeneratedRegex("""arn:aws:states:[^"\\]+""")]
    private static partial Regex Arns();

    [GeneratedRegex("""[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z|\+00:00)?""")]
    private static partial Regex Times();

    [GeneratedRegex("""https?://127\.0\.0\.1:[^"\s]+""")]
    private static partial Regex Links();

    [GeneratedRegex("[0-9a-f]{12,}|proof-[a-z0-9]{26}|\"marker\":\"[^\"]+\"")]
    private static partial Regex Identifiers();

    [GeneratedRegex("[0-9]{9,}")]
    private static partial Regex Digits();

    private sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers, string Body);
}
