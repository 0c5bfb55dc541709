using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures;
using CacheBackup.Local.Host;

namespace CacheBackup.Faults;

/// <summary>The host that is started where another one died, and what must hold once it has put everything in order.</summary>
public sealed class SurvivingHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly string _data;
    private readonly LocalHost _host;

    private SurvivingHost(LocalHost host, string data)
    {
        _host = host;
        _data = data;
        State = new StoredState(host.Parts.Store, host.Parts.Catalog);
        Client = new ServiceClient(host.Url, host.Token.Value.Reveal());
    }

    public ServiceClient Client { get; }

    public StoredState State { get; }

    /// <summary>
    /// Looks at what the dead host left, starts another one there, and waits until no job runs any more. What is listed as available is
    /// read and verified before, meanwhile and at the end.
    /// </summary>
    public static async Task<SurvivingHost> StartAsync(string data, SliceLimit? slices = null)
    {
        await StoredState.At(data).AssertAvailableIsWholeAsync();

        LocalHostOptions options = new() { DataDirectory = data, Url = new Uri("http://127.0.0.1:0") };
        SurvivingHost survivor = new(await LocalHost.StartAsync(options, parts => parts with { Slices = slices ?? parts.Slices }, CancellationToken.None), data);
        try
        {
            await survivor.SettleAsync();
            return survivor;
        }
        catch
        {
            await survivor.DisposeAsync();
            throw;
        }
    }

    public async Task<Backup?> FindBackupAsync(string name) =>
        (await _host.Parts.Catalog.Backups.FindAsync(BackupName.Parse(name), CancellationToken.None))?.Document;

    public async Task<Cache?> FindCacheAsync(string name) =>
        (await _host.Parts.Catalog.Caches.FindAsync(CacheName.Parse(name), CancellationToken.None))?.Document;

    /// <summary>Whatever happened: what is available is whole, nothing is held or used, nothing is left over.</summary>
    public async Task AssertSoundAsync()
    {
        await State.AssertAvailableIsWholeAsync();
        await State.AssertDataBelongsAsync();
        Assert.All(await State.CachesAsync(), cache => Assert.Null(cache.Operation));
        Assert.All(await State.BackupsAsync(), backup => Assert.Empty(backup.Uses));
        Assert.All(await State.BackupsAsync(), backup => Assert.NotEqual(BackupStatus.Creating, backup.Status));
        Assert.Equal(0, await State.CountUploadsAsync());
        await AssertServersBelongAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
    }

    private async Task SettleAsync()
    {
        using CancellationTokenSource limit = new(Patience);
        while (await IsAtWorkAsync())
        {
            await State.AssertAvailableIsWholeAsync();
            await Task.Delay(PollInterval, TimeProvider.System, limit.Token);
        }
    }

    private async Task<bool> IsAtWorkAsync()
    {
        Backup[] backups = await State.BackupsAsync();
        IEnumerable<ExecutionId> named =
        [
            .. backups.Select(b => b.Execution),
            .. backups.SelectMany(b => b.Uses).Select(u => u.Execution),
            .. (await State.CachesAsync()).Select(c => c.Operation).OfType<CacheOperation>().Select(o => o.Execution),
        ];
        foreach (ExecutionId id in named)
        {
            if (await _host.Parts.Executions.DescribeAsync(id, CancellationToken.None) is { Status: ExecutionStatus.Running })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Every process that works in one of the servers' directories is that of a cache which a record names.</summary>
    private async Task AssertServersBelongAsync()
    {
        string folder = Path.Combine(_data, "caches") + "/";
        HashSet<string> known = [.. (await State.CachesAsync()).Where(c => c.Restoration is not null).Select(c => c.Name.Value)];
        foreach (string process in Directory.GetDirectories("/proc").Where(p => Path.GetFileName(p).All(char.IsAsciiDigit)))
        {
            if (WorkingDirectoryOf(process) is { } directory && directory.StartsWith(folder, StringComparison.Ordinal))
            {
                string name = Path.GetFileName(directory);
                Assert.Contains(name[..name.LastIndexOf('-')], known);
            }
        }
    }

    private static string? WorkingDirectoryOf(string process)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
