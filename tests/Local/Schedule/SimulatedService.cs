using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Retention;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Functions;
using CacheBackup.Local.Host;
using CacheBackup.Local.StateMachines;
using Microsoft.Extensions.Time.Testing;
using RunnerStatus = CacheBackup.Local.StateMachines.ExecutionStatus;

namespace CacheBackup.Local.Tests.Schedule;

/// <summary>
/// The service on a clock that the test turns: the machines' files, the runner with its directory, the real functions, a store in memory,
/// and caches that answer from a script. The host can be stopped at any moment and started again.
/// </summary>
internal sealed class SimulatedService : IAsyncDisposable
{
    // Tens of thousands of executions are written and purged again: in memory, where the machine has a directory there.
    private const string InMemory = "/dev/shm";

    private readonly string _directory = Directory.Exists(InMemory)
        ? Directory.CreateDirectory(Path.Combine(InMemory, $"cache-backup-year-{Environment.ProcessId}")).FullName
        : Directory.CreateTempSubdirectory("cache-backup-year-").FullName;

    // Schedule, backup, copy.
    private const int LongestChain = 3;

    private readonly SequentialIds _ids = new();
    private ExecutionHost? _host;
    private Ticker? _ticker;

    public SimulatedService(DateTimeOffset start)
    {
        Clock = new FakeTimeProvider(start);
        Store = new MemoryObjectStore(Clock);
    }

    public FakeTimeProvider Clock { get; }

    public MemoryObjectStore Store { get; }

    public ScriptedCaches Caches { get; } = new();

    public MemoryProvisioner Provisioner { get; } = new();

    public ServiceParts Parts { get; private set; } = null!;

    /// <summary>Executions that ended otherwise than well, and why.</summary>
    public List<string> Troubles { get; } = [];

    /// <summary>Starts a host on what the last one left.</summary>
    public async Task StartAsync()
    {
        HostIdentity identity = await HostIdentity.ReadOrCreateAsync(Path.Combine(_directory, "host"), default);
        FunctionTable? functions = null;
        Parts = new ServiceParts
        {
            Store = Store,
            Catalog = new BackupCatalog(Store, _ids),
            Events = new EventLog(Store, []),
            Executions = new LocalExecutions(() => _host!, identity),
            Caches = Caches,
            Provisioner = Provisioner,
            Ids = _ids,
            Time = Clock,
        };
        functions = new FunctionTable(Parts);
        _host = ExecutionHost.Open(
            new ExecutionHostOptions
            {
                DirectoryPath = Path.Combine(_directory, "executions"),
                Runner = new RunnerOptions { Invoker = new FunctionInvoker(() => functions, Clock, _ => { }), Clock = Clock, Jitter = () => 0 },
                Ended = new AbandonEnded(() => Parts, Troubles.Add),
                IdOf = key => identity.IdOf(key).Value,
                FlushToDisk = false,
            },
            MachineFiles.ReadAll());
        await _host.ResumeAsync(default);
        await new RecoverOperations(Parts).RunAsync(_ => { }, default);
        _ticker = new Ticker(Parts.Executions, Clock, Ticker.UsualInterval, Troubles.Add);
    }

    public async Task AddCacheAsync(string name, RetentionPolicy policy, string? window)
    {
        CacheName cache = CacheName.Parse(name);
        BackupWindow? chosen = window is null ? null : BackupWindow.Parse(window);
        bool created = await Parts.Catalog.Caches.TryCreateAsync(
            cache,
            new Cache
            {
                Name = cache,
                Status = CacheStatus.Available,
                CreatedAt = Clock.GetUtcNow(),
                Shards = [new CacheShard(1, new CacheAddress { Endpoint = new CacheEndpoint($"{name}.test", 6379) })],
                Engine = CacheEngine.Redis,
                EngineVersion = new CacheVersion(7, 0, 15),
                Topology = CacheTopology.ClusterDisabled,
                AutomaticBackups = AutomaticBackups.Of(cache, policy, chosen, Clock.GetUtcNow()),
            },
            default);
        Assert.True(created);
    }

    /// <summary>The tick of the host's clock, without waiting for what it starts.</summary>
    public Task BeginTickAsync() => _ticker!.TickAsync(default);

    /// <summary>A second tick at the same moment, by a name of its own: as from a second host.</summary>
    public Task BeginForeignTickAsync() => Parts.Executions.StartAsync(
        Parts.Executions.IdOf(Core.Operations.StateMachines.Schedule, $"foreign-{_ids.Next()}"), "{}"u8.ToArray(), default);

    public async Task TickAsync()
    {
        await BeginTickAsync();
        await SettleAsync();
    }

    /// <summary>
    /// Returns once no execution runs. A list is not of one moment: what a schedule has begun just before it ended can be missing from a
    /// list that has the schedule's end. So none is to run in as many lists in a row as executions can begin one another, and one more.
    /// </summary>
    public async Task SettleAsync()
    {
        for (int quiet = 0; quiet <= LongestChain; quiet++)
        {
            foreach (ExecutionSummary execution in _host!.List(status: RunnerStatus.Running))
            {
                quiet = -1;
                await _host.WaitAsync(execution.Key, default).WaitAsync(TimeSpan.FromSeconds(30));
            }
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
        await SettleAsync();
    }

    public async Task StopAsync()
    {
        await _ticker!.DisposeAsync();
        await _host!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
