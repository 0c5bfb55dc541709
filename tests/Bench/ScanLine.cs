using System.Globalization;

namespace CacheBackup.Bench;

/// <summary>Taking all keys of a running server one by one, into a file; against a loop that asks for them and keeps nothing.</summary>
internal static class ScanLine
{
    public const string Job = "scan";

    /// <summary>The program that asks for every key by SCAN and DUMP over one connection: no file, no check. What the server allows.</summary>
    public const string Loop = "scandump";

    /// <summary>What the tool asks for, so that neither has the longer pages.</summary>
    private const string Count = "512";

    public static IReadOnlyList<Contender> Contenders(Programs programs, BenchServer source, long rdbBytes, string folder)
    {
        Contender[] loop = programs.Found.TryGetValue(Loop, out PeerProgram? peer)
            ? [new(Job, peer.Name, token => MeasuredProcess.RunAsync(
                peer.Path, ["127.0.0.1", source.Port.ToString(CultureInfo.InvariantCulture), MixedData.DatabaseNumbers, Count], null, source.ProcessId, token)) { Bytes = rdbBytes }]
            : [];
        return [Ours(Job, programs, source, rdbBytes, folder), .. loop];
    }

    public static Contender Ours(string job, Programs programs, BenchServer source, long rdbBytes, string folder) => new(
        job, "cache-backup snapshot --method scan", token => RunAsync(programs, source, folder, token))
    {
        Bytes = rdbBytes,
    };

    private static async Task<Sample> RunAsync(Programs programs, BenchServer source, string folder, CancellationToken cancellationToken)
    {
        string taken = Path.Combine(folder, "scanned.rdb");
        try
        {
            return await MeasuredProcess.RunAsync(
                programs.Tool, ["snapshot", source.Url, taken, "--method", "scan"], inputPath: null, source.ProcessId, cancellationToken);
        }
        finally
        {
            File.Delete(taken);
        }
    }
}
