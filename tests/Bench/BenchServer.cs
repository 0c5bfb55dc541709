using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Bench;

/// <summary>A server with its data in the bench's folder. Both sides of a comparison get the same settings.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly ServerProcess _process;

    private BenchServer(ServerProcess process) => _process = process;

    public int ProcessId => _process.ProcessId;

    public int Port => _process.Port;

    public string Url => $"redis://127.0.0.1:{Port}";

    public static Task<BenchServer> StartEmptyAsync(CancellationToken cancellationToken) => StartAsync(null, cancellationToken);

    /// <summary>Starts one on a file and waits until it has loaded it; how long that took it says itself.</summary>
    public static async Task<(BenchServer Server, Sample Load)> StartLoadedAsync(string rdbPath, CancellationToken cancellationToken)
    {
        long began = TimeProvider.System.GetTimestamp();
        BenchServer server = await StartAsync(rdbPath, cancellationToken);
        try
        {
            while (await server.IsLoadingAsync())
            {
                if (TimeProvider.System.GetElapsedTime(began) > LoadLimit)
                {
                    throw new InvalidOperationException($"The server has not loaded {rdbPath} within {LoadLimit.TotalMinutes} minutes.");
                }

                await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
            }

            double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            return (server, new Sample(seconds, null, null, ProcessFigures.CpuSeconds(server.ProcessId)));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes all data into a file of the server's directory and returns its path.</summary>
    public async Task<string> SaveAsync(CancellationToken cancellationToken)
    {
        // In the background: a foreground save keeps clients waiting for longer than ours waits.
        await using CacheClient client = await _process.ConnectAsync(cancellationToken: cancellationToken);
        await client.RequireAsync("BGSAVE");
        while ((await client.TextAsync("INFO", "persistence")).Contains("rdb_bgsave_in_progress:1", StringComparison.Ordinal))
        {
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }

        return (await client.TextAsync("INFO", "persistence")).Contains("rdb_last_bgsave_status:ok", StringComparison.Ordinal)
            ? Path.Combine(_process.DirectoryPath, "dump.rdb")
            : throw new InvalidOperationException($"The server could not save:\n{_process.Log}");
    }

    public async Task<string> InfoAsync(string section, CancellationToken cancellationToken)
    {
        await using CacheClient client = await _process.ConnectAsync(cancellationToken: cancellationToken);
        return await client.TextAsync("INFO", section);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<BenchServer> StartAsync(string? rdbPath, CancellationToken cancellationToken) => new(await ServerProcess.StartAsync(
        new ServerOptions
        {
            Engine = CacheEngine.Redis,
            Configuration = rdbPath is null
                ? ["repl-diskless-sync yes"]
                : ["repl-diskless-sync yes", $"dir {Path.GetDirectoryName(rdbPath)}", $"dbfilename {Path.GetFileName(rdbPath)}"],
            MayBeLoading = true,
        },
        cancellationToken));

    private async Task<bool> IsLoadingAsync()
    {
        await using CacheClient client = await _process.ConnectAsync();
        RespReply reply = await client.SendAsync("PING");
        return reply.TryGetError(out RespError error) && error.Code == "LOADING";
    }
}
