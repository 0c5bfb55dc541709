using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>
/// Two servers of one engine: one loads files, the other is sent commands. What each then holds it saves and is read from there.
/// </summary>
internal sealed class LoadingPair : IAsyncDisposable
{
    private const int CommandsAtOnce = 2_000;

    private readonly ServerProcess _loader;
    private readonly ServerProcess _runner;
    private readonly CacheClient _commands;
    private CacheClient _client;

    private LoadingPair(ServerProcess loader, ServerProcess runner, CacheClient client, CacheClient commands)
    {
        _loader = loader;
        _runner = runner;
        _client = client;
        _commands = commands;
    }

    private string DumpPath => Path.Combine(_loader.DirectoryPath, "dump.rdb");

    public static async Task<LoadingPair> StartAsync(CacheEngine engine)
    {
        var loader = await ServerProcess.StartAsync(engine);
        var runner = await ServerProcess.StartAsync(engine);
        return new LoadingPair(loader, runner, await loader.ConnectAsync(), await runner.ConnectAsync());
    }

    public async Task<string> VersionAsync() =>
        (await _client.TextAsync("INFO", "server")).Split("redis_version:")[1].Split('\r')[0];

    /// <summary>Lets the one server load a file as it would when it starts; false if it will not.</summary>
    public async Task<bool> TryLoadAsync(byte[] file)
    {
        await File.WriteAllBytesAsync(DumpPath, file, TestContext.Current.CancellationToken);
        try
        {
            return !(await _client.SendAsync("DEBUG", "RELOAD", "NOSAVE")).IsError;
        }
        catch (IOException)
        {
            // Some files a server refuses by ending.
            await _client.DisposeAsync();
            await _loader.KillAsync();
            File.Delete(DumpPath);
            await _loader.StartAgainAsync();
            _client = await _loader.ConnectAsync();
            return false;
        }
    }

    /// <summary>What the one server has loaded.</summary>
    public Task<(RdbContent Content, string Digest)> LoadedAsync() => ReadAsync(_client, _loader);

    /// <summary>What the other server holds after these commands, and nothing before them.</summary>
    public async Task<(RdbContent Content, string Digest)> RunAsync(IEnumerable<RespArgument[]> commands)
    {
        await _commands.RequireAsync("FLUSHALL");
        await _commands.RequireAsync("FUNCTION", "FLUSH");
        await _commands.RequireAsync("SELECT", 0);
        foreach (var some in commands.Chunk(CommandsAtOnce))
        {
            await _commands.RunAsync(some);
        }

        return await ReadAsync(_commands, _runner);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _commands.DisposeAsync();
        await _loader.DisposeAsync();
        await _runner.DisposeAsync();
    }

    private static async Task<(RdbContent Content, string Digest)> ReadAsync(CacheClient client, ServerProcess server)
    {
        string digest = await client.TextAsync("DEBUG", "DIGEST");
        await client.RequireAsync("SAVE");
        byte[] saved = await File.ReadAllBytesAsync(Path.Combine(server.DirectoryPath, "dump.rdb"), TestContext.Current.CancellationToken);
        return (RdbContent.Of(saved), digest);
    }
}
