using System.Globalization;

namespace CacheBackup.Bench;

/// <summary>Taking all data of a running server: into a file, and by the service into its directory store; against redis-cli --rdb.</summary>
internal static class SnapshotLine
{
    public static IReadOnlyList<Contender> Contenders(Programs programs, BenchServer source, BenchService service, string folder) =>
    [
        new("snapshot", "cache-backup serve, a backup into its directory", service.BackupAsync),
        new("snapshot", "cache-backup snapshot", token => RunAsync(programs.Tool, ["snapshot", source.Url, Target(folder)], source, folder, token)),
        new("snapshot", $"redis-cli --rdb {programs.Found["redis-cli"].Version}", token => RunAsync(
            "redis-cli", ["-p", source.Port.ToString(CultureInfo.InvariantCulture), "--rdb", Target(folder)], source, folder, token)),
    ];

    private static string Target(string folder) => Path.Combine(folder, "taken.rdb");

    private static async Task<Sample> RunAsync(
        string program, IReadOnlyList<string> arguments, BenchServer source, string folder, CancellationToken cancellationToken)
    {
        try
        {
            return await MeasuredProcess.RunAsync(program, arguments, inputPath: null, source.ProcessId, cancellationToken);
        }
        finally
        {
            File.Delete(Target(folder));
        }
    }
}
