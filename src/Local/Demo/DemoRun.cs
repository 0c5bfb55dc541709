using System.Net.Sockets;
using CacheBackup.Caches;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Storage;
using CacheBackup.Functions.Api;
using CacheBackup.Local.Commands;
using CacheBackup.Local.Credentials;
using CacheBackup.Local.Host;
using CacheBackup.Local.Provisioning;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Demo;

/// <summary>
/// Shows the main path on servers of its own, through the service's own API: a running cache is filled, registered, backed up, listed,
/// restored into a new cache; then every key of the two is compared. Nothing is left behind.
/// </summary>
internal sealed class DemoRun(DemoRequest request, ToolContext context)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    private const long QuickLargestValueBytes = 4L * 1024 * 1024;

    private readonly ToolConsole _console = context.Console;
    private readonly List<DemoStep> _steps = [];

    private readonly DemoNames _names = DemoNames.Of(new RandomIds());
    private readonly LocalCredentials _credentials = new(context.ReadVariable);

    /// <returns><see cref="ExitStatus.Success"/> only if every key is equal.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using DemoWorkspace workspace = DemoWorkspace.Open(request.DataDirectory);
        using LocalProvisioner servers = new(
            new LocalProvisionerOptions { Folder = workspace.Below("source"), ReadVariable = context.ReadVariable },
            new MemoryObjectStore(context.Time),
            context.Time);
        CacheVersion version = await servers.VersionOfAsync(request.Engine, cancellationToken);
        _console.Output.WriteLine($"Demo with {request.Engine} {version}");
        CacheAddress source = await servers.ProvisionAsync(
            new ProvisionRequest(CacheName.Parse(_names.Source), 1, request.Engine, LoadFrom: null), cancellationToken);
        await FillAsync(source, version, cancellationToken);

        await using LocalHost host = await LocalHost.StartAsync(
            new LocalHostOptions
            {
                DataDirectory = workspace.Below("service"),
                Store = request.Store,
                Url = new Uri("http://127.0.0.1:0"),
                Log = _console.Error.WriteLine,
            },
            decorate: null,
            cancellationToken);
        using DemoClient client = new(host.Url, host.Token, context.Time);
        try
        {
            CacheView restored = await BackUpAndRestoreAsync(client, source, cancellationToken);
            CacheComparisonReport report = await CompareAsync(source, restored.Shards[0].Address, cancellationToken);
            DemoReport.Write(_steps, _console);
            DemoReport.Write(report, _console);
            await CleanUpAsync(client, cancellationToken);
            return report.IsEqual ? ExitStatus.Success : ExitStatus.Failure;
        }
        catch
        {
            // A job that is cut off ends as cancelled and removes its upload; then its records go, also from a store that stays.
            await host.CancelAllAsync(CancellationToken.None);
            await TryCleanUpAsync(client);
            throw;
        }
    }

    private async Task FillAsync(CacheAddress source, CacheVersion version, CancellationToken cancellationToken)
    {
        await using RespConnection connection = await RespConnection.ConnectAsync(
            source, _credentials, RespConnectionOptions.Default, context.Time, cancellationToken);

        // Servers wait five seconds for more replicas before they fork: here there are none.
        await connection.SendAsync(new RespCommand("CONFIG SET", "repl-diskless-sync-delay", 0), cancellationToken);
        DemoData data = new(new DemoDataOptions
        {
            Keys = request.Keys,
            LargestValueBytes = request.IsQuick ? QuickLargestValueBytes : new DemoDataOptions { Keys = 0, Now = default }.LargestValueBytes,
            Now = context.Time.GetUtcNow(),
            WithFunctions = version.IsAtLeast(7, 0),
        });
        DemoDataSummary filled = await StepAsync(
            "fill", "fill the source", progress => data.FillAsync(connection, progress, cancellationToken), summary => (summary.Keys, 0));
        DemoReport.Write(filled, _console);
    }

    private async Task<CacheView> BackUpAndRestoreAsync(DemoClient client, CacheAddress source, CancellationToken cancellationToken)
    {
        await client.RegisterAsync(_names.Source, source, cancellationToken);
        BackupView backup = await StepAsync(
            "back up",
            "back up through the service",
            progress => client.BackUpAsync(_names.Backup, _names.Source, progress, cancellationToken),
            view => (view.Keys, view.SizeBytes));
        BackupPage page = await client.ListBackupsAsync(cancellationToken);
        if (!page.Backups.Any(listed => listed.Name == backup.Name && listed.Status == "available"))
        {
            throw new DemoFailedException("The backup is complete, and the list of backups does not show it as available.");
        }

        DemoReport.Write(backup, page.Backups.Count, _console);
        return await StepAsync(
            "restore",
            "restore into a new cache and compare it with the backup",
            progress => client.RestoreAsync(_names.Backup, _names.Restored, progress, cancellationToken),
            view => (view.Restoration?.Outcome?.Compared ?? 0, backup.SizeBytes),
            backup.SizeBytes);
    }

    private async Task<CacheComparisonReport> CompareAsync(CacheAddress source, CacheAddress restored, CancellationToken cancellationToken) => await StepAsync(
        "compare",
        "compare every key of source and restored cache",
        progress => new CacheComparison(source, restored, _credentials, context.Time).RunAsync(progress, cancellationToken),
        report => (report.Compared, 0));

    /// <summary>The store may be one that stays: what the demo put there goes.</summary>
    private async Task CleanUpAsync(DemoClient client, CancellationToken cancellationToken)
    {
        await client.RemoveAsync($"/caches/{_names.Restored}", cancellationToken);
        await client.RemoveAsync($"/backups/{_names.Backup}", cancellationToken);
        await client.RemoveAsync($"/caches/{_names.Source}", cancellationToken);
    }

    /// <summary>After a failure: as far as it goes, and never in place of the failure itself.</summary>
    private async Task TryCleanUpAsync(DemoClient client)
    {
        using CancellationTokenSource limit = new(CleanUpLimit, context.Time);
        try
        {
            await CleanUpAsync(client, limit.Token);
        }
        catch (Exception e) when (e is DemoFailedException or HttpRequestException or SocketException or OperationCanceledException)
        {
            _console.Error.WriteLine($"The demo's records {_names.Source}, {_names.Backup} and {_names.Restored} may be left in the store: {e.Message}");
        }
    }

    private async Task<T> StepAsync<T>(
        string activity, string what, Func<ProgressPhase, Task<T>> run, Func<T, (long Keys, long Bytes)> measure, long? totalBytes = null)
    {
        long began = context.Time.GetTimestamp();
        await using ProgressPhase progress = _console.Begin(activity, totalBytes);
        T result = await run(progress);
        progress.Complete();
        TimeSpan time = context.Time.GetElapsedTime(began);
        (long keys, long bytes) = measure(result);
        _steps.Add(new DemoStep(what, keys, bytes, time));
        return result;
    }
}
