using System.Net;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Recording;
using CacheBackup.Functions;
using CacheBackup.Functions.Api;
using CacheBackup.Local.Host;
using CacheBackup.Local.StateMachines;
using Microsoft.Extensions.Time.Testing;
using RunnerStatus = CacheBackup.Local.StateMachines.ExecutionStatus;

namespace CacheBackup.Infra.Tests.Recording;

/// <summary>The whole service in one process, on stores in memory, with every call of every function noted.</summary>
internal sealed class RecordedService : IAsyncDisposable
{
    public const string AbandonFunction = "AbandonExecution";

    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(61);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("cache-backup-recorded-").FullName;
    private readonly TimeProvider _time;
    private readonly SequentialIds _ids = new();
    private ExecutionHost _host = null!;
    private ApiFunction _api = null!;

    private RecordedService(TimeProvider time)
    {
        _time = time;
        Store = new MemoryObjectStore(time);
        Buckets = new MemoryBuckets(time);
        ElastiCache = new FakeElastiCache(time);
    }

    public CallRecorder Recorder { get; } = new();

    public RecordingInvoker Invoker { get; private set; } = null!;

    public RecordedEnd Ends { get; private set; } = null!;

    public RefusableExecutions Starts { get; private set; } = null!;

    public MemoryObjectStore Store { get; }

    public MemoryBuckets Buckets { get; }

    public FakeElastiCache ElastiCache { get; }

    /// <summary>ElastiCache as the maker of new caches.</summary>
    public MemoryManagedCaches Made { get; } = new();

    public ServiceParts Parts { get; private set; } = null!;

    /// <param name="time">The service's clock.</param>
    /// <param name="caches">Real ones, or scripted ones.</param>
    /// <param name="provisionerOf">Makes caches where a test has none of its own.</param>
    public static async Task<RecordedService> StartAsync(TimeProvider time, ICaches caches, Func<IObjectStore, IProvisioner> provisionerOf)
    {
        RecordedService service = new(time);
        await service.OpenAsync(caches, provisionerOf);
        return service;
    }

    /// <summary>A request to the API, noted as the given function's.</summary>
    public async Task<JsonElement> AskAsync(
        string method, string path, string? body = null, string function = "Api", string? key = null, bool isRefused = false)
    {
        Recorder.Enter(function);
        string[] parts = path.Split('?', 2);
        APIGatewayHttpApiV2ProxyResponse answer = await Task.Run(() => _api.HandleAsync(
            new APIGatewayHttpApiV2ProxyRequest
            {
                RawPath = Uri.UnescapeDataString(parts[0]),
                RawQueryString = parts.ElementAtOrDefault(1) ?? string.Empty,
                Body = body,
                Headers = key is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["idempotency-key"] = key },
                RequestContext = new() { Http = new() { Method = method, Path = parts[0] } },
            },
            new LocalLambdaContext(function, TimeSpan.FromSeconds(29), _time, _ => { }, CancellationToken.None)));
        Recorder.Leave();
        Assert.True(isRefused == answer.StatusCode >= (int)HttpStatusCode.BadRequest, $"{method} {path}: {answer.StatusCode} {answer.Body}");
        Assert.True(!isRefused || answer.Body?.Contains(RefusableExecutions.Reason, StringComparison.Ordinal) == true, $"{method} {path}: {answer.Body}");
        return JsonSerializer.Deserialize<JsonElement>(string.IsNullOrEmpty(answer.Body) ? "null" : answer.Body);
    }

    /// <summary>Starts a machine as EventBridge does.</summary>
    public async Task RunAsync(string machine)
    {
        await Starts.StartByRuleAsync(machine, _ids.Next());
        await SettleAsync();
    }

    /// <summary>Returns once no execution runs, and every end was told. A clock that the test turns is turned past the states that wait.</summary>
    public async Task SettleAsync()
    {
        long began = TimeProvider.System.GetTimestamp();
        while (_host.List(status: RunnerStatus.Running) is [_, ..] running)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < LongestRun, $"{string.Join(", ", running.Select(execution => execution.Key))} did not end.");
            PassWaits(running);
            await Task.WhenAny(_host.WaitAsync(running[0].Key, default), Task.Delay(Pause, TimeProvider.System));
        }
    }

    /// <summary>Returns once a function that is held back was called, past the states that wait before it.</summary>
    public async Task ReachAsync(string function)
    {
        Task reached = Invoker.ReachedAsync(function);
        while (await Task.WhenAny(reached, Task.Delay(Pause, TimeProvider.System)) != reached)
        {
            IReadOnlyList<ExecutionSummary> running = _host.List(status: RunnerStatus.Running);
            Assert.True(running.Count > 0 || reached.IsCompleted, $"Nothing runs any more, and {function} was not called.");
            PassWaits(running);
        }

        await reached;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task OpenAsync(ICaches caches, Func<IObjectStore, IProvisioner> provisionerOf)
    {
        HostIdentity identity = await HostIdentity.ReadOrCreateAsync(Path.Combine(_directory, "host"), default);
        RecordingObjectStore store = new(Store, null, Recorder);
        FunctionTable? functions = null;
        Starts = new RefusableExecutions(new LocalExecutions(() => _host, identity));
        Parts = new ServiceParts
        {
            Store = store,
            Slices = new SliceLimit { Keys = 5 },
            Catalog = new BackupCatalog(store, _ids),
            Events = new EventLog(store, [new RecordingSink(Recorder)]),
            Executions = new RecordingExecutions(Starts, id => MachineOf(identity, id), Recorder),
            Caches = new RecordingCaches(caches, Recorder),
            Provisioner = provisionerOf(Store),
            Buckets = new RecordingBuckets(Buckets, address => Buckets.StoreAt(address.Location), _time, Recorder),
            Configured = new ConfiguredBuckets
            {
                ExportBuckets = [BucketAddress.Parse("s3://exports")],
                ImportBuckets = [BucketAddress.Parse("s3://imports")],
                CopyTargets = [BucketAddress.Parse("s3://copies")],
            },
            ManagedCaches = new RecordingManagedCaches(Made, Recorder),
            ManagedSources = new RecordingSources(ElastiCache, Recorder),
            NativeSnapshots = new RecordingSnapshots(ElastiCache, Recorder),
            Exchange = new RecordingObjectStore(ElastiCache.Exchange, $"s3://{FakeElastiCache.Bucket}", Recorder),
            ExchangeBucket = FakeElastiCache.Bucket,
            AllowDeleteCaches = true,
            Downloads = new RecordingDownloads(Recorder),
            VerifySharePercent = 100,
            Ids = _ids,
            Time = _time,
        };
        functions = new FunctionTable(Parts);
        _api = new ApiFunction(Parts, "test");
        Invoker = new RecordingInvoker(new FunctionInvoker(() => functions, _time, _ => { }), Recorder);
        Ends = new RecordedEnd(() => Parts, Recorder);
        _host = ExecutionHost.Open(
            new ExecutionHostOptions
            {
                DirectoryPath = Path.Combine(_directory, "executions"),
                Runner = new RunnerOptions { Invoker = Invoker, Services = new FakeElastiCacheServices(ElastiCache), Clock = _time, Jitter = () => 0 },
                Ended = Ends,
                IdOf = key => identity.IdOf(key).Value,
                FlushToDisk = false,
            },
            MachineFiles.ReadAll());
    }

    private void PassWaits(IReadOnlyList<ExecutionSummary> running)
    {
        if (_time is FakeTimeProvider clock && running.Count > 0 && running.All(IsWaiting))
        {
            clock.Advance(LongestWait);
        }
    }

    private bool IsWaiting(ExecutionSummary execution) =>
        _host.Describe(execution.Key)?.State is { } state && (state == "Pause" || state.StartsWith("WaitFor", StringComparison.Ordinal));

    private static string MachineOf(HostIdentity identity, ExecutionId id) => identity.TryParse(id, out ExecutionKey key) ? key.StateMachine : "unknown";
}
