using System.Reflection;
using CacheBackup.Caches;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Functions;
using CacheBackup.Functions.Api;
using CacheBackup.Local.Credentials;
using CacheBackup.Local.Events;
using CacheBackup.Local.Files;
using CacheBackup.Local.Http;
using CacheBackup.Local.Provisioning;
using CacheBackup.Local.StateMachines;
using RunnerStatus = CacheBackup.Local.StateMachines.ExecutionStatus;

namespace CacheBackup.Local.Host;

/// <summary>
/// The whole service in one process: the API, the state machines on the local runner, the functions in process, a directory or S3 as
/// object store, server processes as new caches. What a crash cut off is taken up again at the next start.
/// </summary>
public sealed class LocalHost : IAsyncDisposable
{
    // aws.amazon.com/s3/pricing: S3 Standard, first 50 TB a month, in us-east-1 and most other Regions.
    private const decimal UsualS3Price = 0.023m;

    private readonly HostIdentity _identity;
    private readonly ExecutionHost _executions;
    private readonly LocalProvisioner _provisioner;
    private readonly ApiServer _api;
    private readonly IReadOnlyList<EventQueue> _events;
    private readonly Ticker _ticker;

    private LocalHost(
        ServiceParts parts,
        HostIdentity identity,
        ExecutionHost executions,
        LocalProvisioner provisioner,
        ApiServer api,
        IReadOnlyList<EventQueue> events,
        AccessToken token,
        Ticker ticker)
    {
        _events = events;
        Parts = parts;
        _identity = identity;
        _executions = executions;
        _provisioner = provisioner;
        _api = api;
        _ticker = ticker;
        Token = token;
    }

    public ServiceParts Parts { get; }

    /// <summary>Where the API listens.</summary>
    public Uri Url => _api.Url;

    /// <summary>What callers of the API send.</summary>
    public AccessToken Token { get; }

    /// <summary>The program's version and the commit that it was built from.</summary>
    public static string Version { get; } =
        typeof(LocalHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <param name="decorate">Puts something around a seam; tests watch or break things there.</param>
    /// <exception cref="ExecutionsInUseException">Another process serves this data directory.</exception>
    /// <exception cref="InvalidRequestException">An option is wrong; the message names it.</exception>
    public static async Task<LocalHost> StartAsync(
        LocalHostOptions options, Func<ServiceParts, ServiceParts>? decorate, CancellationToken cancellationToken)
    {
        PrivateFile.CreateDirectory(options.DataDirectory);
        AccessToken token = await AccessToken.ReadOrCreateAsync(Path.Combine(options.DataDirectory, "token"), cancellationToken);
        HostIdentity identity = await HostIdentity.ReadOrCreateAsync(Path.Combine(options.DataDirectory, "host"), cancellationToken);
        LocalBuckets buckets = new(TimeProvider.System);
        string location = options.Store ?? Path.Combine(options.DataDirectory, "store");
        IObjectStore store = StoreLocation.Open(location, options.DataStore, TimeProvider.System);
        LocalCredentials credentials = new();
        LocalProvisioner provisioner = new(
            new LocalProvisionerOptions { Folder = Path.Combine(options.DataDirectory, "caches") }, store, TimeProvider.System);

        // The runner calls functions, and functions start executions: the circle is closed once all of them exist.
        ServiceParts? parts = null;
        FunctionTable? functions = null;
        ExecutionHost? executions = null;
        RandomIds ids = new();
        IReadOnlyList<EventQueue> events = options.Events.Open(TimeProvider.System, options.Log);
        SignedDownloads downloads = new(() => parts!, TimeProvider.System);
        parts = new ServiceParts
        {
            Downloads = downloads,
            Store = store,
            Catalog = new BackupCatalog(store, ids),
            Events = new EventLog(store, events),
            Executions = new LocalExecutions(() => executions!, identity),
            Caches = new LiveCaches(credentials, TimeProvider.System),
            Provisioner = provisioner,
            Buckets = buckets,
            Configured = options.Configured,
            Ids = ids,
            Quotas = options.Quotas,
            VerifySharePercent = options.VerifySharePercent,
            SliceLength = options.SliceLength,
            StoragePricePerGigabyteMonth = options.StoragePricePerGigabyteMonth ?? (StoreLocation.IsS3(options.DataStore ?? location) ? UsualS3Price : null),
            Time = TimeProvider.System,
        };
        parts = decorate?.Invoke(parts) ?? parts;
        functions = new FunctionTable(parts);
        executions = OpenExecutions(options, identity, () => functions, () => parts);
        try
        {
            await provisioner.StartKnownAsync(cancellationToken);
            await executions.ResumeAsync(cancellationToken);
            await RecoverAsync(parts, options.Log, cancellationToken);
            TimeSpan timeout = functions.Entries["Api"].Timeout;
            ApiServer server = await ApiServer.StartAsync(
                new ApiServerOptions(options.Url, token.Value.Reveal()) { Downloads = downloads },
                new ApiFunction(parts, Version).HandleAsync,
                () => new LocalLambdaContext("Api", timeout, TimeProvider.System, options.Log, CancellationToken.None),
                cancellationToken);
            downloads.ServeAt(server.Url);
            Ticker ticker = StartTicker(options, parts);
            return new LocalHost(parts, identity, executions, provisioner, server, events, token, ticker);
        }
        catch
        {
            await executions.DisposeAsync();
            await provisioner.StopAllAsync(CancellationToken.None);
            provisioner.Dispose();
            await EndAsync(events);
            throw;
        }
    }

    private static Ticker StartTicker(LocalHostOptions options, ServiceParts parts)
    {
        Ticker ticker = new(parts.Executions, parts.Time, options.TickInterval, options.Log);
        if (options.Ticks)
        {
            ticker.Start();
        }

        return ticker;
    }

    private static async Task RecoverAsync(ServiceParts parts, Action<string> log, CancellationToken cancellationToken)
    {
        int abandoned = await new RecoverOperations(parts).RunAsync(record => log($"Left out of the recovery: {record.Reason}"), cancellationToken);
        if (abandoned > 0)
        {
            log($"{abandoned} record(s) of jobs that had broken off were put in order.");
        }
    }

    private static ExecutionHost OpenExecutions(
        LocalHostOptions options, HostIdentity identity, Func<FunctionTable> functions, Func<ServiceParts> parts) => ExecutionHost.Open(
        new ExecutionHostOptions
        {
            DirectoryPath = Path.Combine(options.DataDirectory, "executions"),
            Runner = new RunnerOptions
            {
                Invoker = new FunctionInvoker(functions, TimeProvider.System, options.Log),
                Services = options.Services,
            },
            Ended = new AbandonEnded(parts, options.Log),
            IdOf = key => identity.IdOf(key).Value,
        },
        MachineFiles.ReadAll());

    /// <summary>Returns once the execution has ended, whatever way.</summary>
    public Task WaitAsync(ExecutionId id, CancellationToken cancellationToken) => _identity.TryParse(id, out ExecutionKey key)
        ? _executions.WaitAsync(key, cancellationToken)
        : throw new NotFoundException($"{id} is not an execution of this machine.");

    /// <summary>Ends every running execution as aborted, which abandons its job.</summary>
    public async Task CancelAllAsync(CancellationToken cancellationToken)
    {
        await _ticker.DisposeAsync();
        foreach (ExecutionSummary running in _executions.List(status: RunnerStatus.Running))
        {
            await _executions.StopAsync(running.Key, "Cancelled", "The host was stopped by its user.", cancellationToken);
        }

        // An execution has ended before its end was told: whoever goes on from here finds every record given back.
        await new RecoverOperations(Parts).RunAsync(_ => { }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _ticker.DisposeAsync();
        await _api.DisposeAsync();
        await _executions.DisposeAsync();
        await _provisioner.StopAllAsync(CancellationToken.None);
        _provisioner.Dispose();
        (Parts.Buckets as IDisposable)?.Dispose();
        await EndAsync(_events);
    }

    /// <summary>Last of all: whoever ended before may have told something.</summary>
    private static async Task EndAsync(IReadOnlyList<EventQueue> events)
    {
        foreach (EventQueue queue in events)
        {
            await queue.DisposeAsync();
        }
    }
}
