using System.Globalization;

namespace CacheBackup.Bench;

/// <summary>Taking all items of a running Memcached into a file; against a loop that checks nothing, and the script that comes with Memcached.</summary>
internal static class MemcachedLine
{
    public const string Job = "memcached";

    /// <summary>The program that lists all keys, then asks for every item over one connection and writes what comes.</summary>
    public const string Loop = "mcbench";

    public const string Script = "memcached-tool";

    /// <summary>Items of the comparison; a quarter of them are dumped once more, for the memory that they take.</summary>
    public const int Items = 1_000_000;

    /// <summary>Keys that the tool, too, asks for at most at a time.</summary>
    private const string Batch = "512";

    public static async Task<IReadOnlyList<Result>> MeasureAsync(Programs programs, int runs, string folder, CancellationToken cancellationToken)
    {
        var results = new List<Result>();
        await using (BenchMemcached few = await BenchMemcached.StartAsync(Items / 4, cancellationToken))
        {
            results.AddRange(await Alternation.RunAsync([Ours($"{Job}, a quarter", programs, few, folder)], 1, cancellationToken));
        }

        await using BenchMemcached all = await BenchMemcached.StartAsync(Items, cancellationToken);
        results.AddRange(await Alternation.RunAsync([Ours(Job, programs, all, folder), .. Peers(programs, all, folder)], runs, cancellationToken));
        return results;
    }

    private static Contender Ours(string job, Programs programs, BenchMemcached source, string folder) => new(
        job,
        "cache-backup snapshot",
        token => RunAsync(programs.Tool, taken => ["snapshot", $"memcached://127.0.0.1:{source.Port}", taken], source, folder, token))
    {
        Bytes = source.ValueBytes,
    };

    private static IEnumerable<Contender> Peers(Programs programs, BenchMemcached source, string folder)
    {
        string port = source.Port.ToString(CultureInfo.InvariantCulture);
        if (programs.Found.TryGetValue(Loop, out PeerProgram? loop))
        {
            yield return new(Job, loop.Name, token => RunAsync(loop.Path, taken => ["dump", port, Batch, taken], source, folder, token)) { Bytes = source.ValueBytes };
        }

        if (programs.Found.TryGetValue(Script, out PeerProgram? script))
        {
            // The shell opens the file and becomes the script.
            yield return new(Job, $"{script.Name} dump", token => RunAsync(
                "/bin/sh", taken => ["-c", "exec \"$@\" >\"$0\"", taken, script.Path, $"127.0.0.1:{port}", "dump"], source, folder, token))
            {
                Bytes = source.ValueBytes,
            };
        }
    }

    private static async Task<Sample> RunAsync(
        string program, Func<string, IReadOnlyList<string>> arguments, BenchMemcached source, string folder, CancellationToken cancellationToken)
    {
        string taken = Path.Combine(folder, "taken.mc");
        try
        {
            return await MeasuredProcess.RunAsync(program, arguments(taken), inputPath: null, source.ProcessId, cancellationToken);
        }
        finally
        {
            File.Delete(taken);
        }
    }
}
