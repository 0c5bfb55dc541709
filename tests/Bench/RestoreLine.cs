using System.Globalization;

namespace CacheBackup.Bench;

/// <summary>Filling an empty server, a new one for every run: by the tool, by the server's own start-up, and by commands.</summary>
internal static class RestoreLine
{
    public const string Restore = "restore";
    public const string RestoreAndCompare = "restore and compare";
    public const string Load = "load";
    public const string Pipe = "pipe";

    public static IReadOnlyList<Contender> Contenders(Programs programs, BenchData data)
    {
        string cli = programs.Found["redis-cli"].Version;
        return
        [
            new(Restore, "cache-backup restore --no-compare", token => FillAsync(server => (programs.Tool, ["restore", data.RdbPath, server.Url, "--no-compare"]), null, token)),
            new(Load, $"redis-server {programs.Found["redis-server"].Version} starting on the file", token => LoadAsync(data.RdbPath, token)),
            new(RestoreAndCompare, "cache-backup restore", token => FillAsync(server => (programs.Tool, ["restore", data.RdbPath, server.Url]), null, token)),
            new(Pipe, $"redis-cli --pipe {cli}, element commands", token => FillAsync(
                server => ("redis-cli", ["-p", server.Port.ToString(CultureInfo.InvariantCulture), "--pipe"]), data.CommandsPath, token)),
        ];
    }

    private static async Task<Sample> FillAsync(
        Func<BenchServer, (string Program, string[] Arguments)> command, string? inputPath, CancellationToken cancellationToken)
    {
        await using BenchServer server = await BenchServer.StartEmptyAsync(cancellationToken);
        (string program, string[] arguments) = command(server);
        return await MeasuredProcess.RunAsync(program, arguments, inputPath, server.ProcessId, cancellationToken);
    }

    private static async Task<Sample> LoadAsync(string rdbPath, CancellationToken cancellationToken)
    {
        (BenchServer server, Sample load) = await BenchServer.StartLoadedAsync(rdbPath, cancellationToken);
        await server.DisposeAsync();
        return load;
    }
}
