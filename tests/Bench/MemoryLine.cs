using System.Globalization;

namespace CacheBackup.Bench;

/// <summary>The most memory that each command takes, once each: on the mixed file, and on one whose largest value has 512 MB.</summary>
internal static class MemoryLine
{
    /// <summary>How the file of one large value is called.</summary>
    public const string LargeValue = "one value of 512 MB";

    /// <summary>The longest argument that servers take unless they are told otherwise; random, so that it is not stored compressed.</summary>
    private const int LargeValueBytes = 512 << 20;

    private const int FewKeys = 10_000;

    /// <summary>Runs each command once on a file and on the server that it was loaded into.</summary>
    public static async Task<IReadOnlyList<Result>> MeasureAsync(
        Programs programs, string what, string rdbPath, string folder, CancellationToken cancellationToken)
    {
        var results = new List<Result>();
        async Task RunAsync(string command, int? server, params string[] arguments)
        {
            Sample sample = await MeasuredProcess.RunAsync(programs.Tool, [command, .. arguments], inputPath: null, server, cancellationToken);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {command}, {what}: {sample.Seconds:0.0} s, peak {sample.PeakBytes / 1e6:0} MB"));
            results.Add(new Result(new Contender($"memory, {what}", $"cache-backup {command}", _ => Task.FromResult(sample)), [sample]));
        }

        await RunAsync("verify", null, rdbPath);
        await RunAsync("inspect", null, rdbPath, "--json");
        string taken = Path.Combine(folder, "taken.rdb");
        await using (BenchServer target = await BenchServer.StartEmptyAsync(cancellationToken))
        {
            await RunAsync("restore", target.ProcessId, rdbPath, target.Url);
            await RunAsync("snapshot", target.ProcessId, target.Url, taken);
        }

        File.Delete(taken);
        return results;
    }

    /// <summary>A file of a few keys and one value of 512 MB.</summary>
    public static async Task<string> MakeLargeValueAsync(string folder, CancellationToken cancellationToken)
    {
        string commands = Path.Combine(folder, "large.resp");
        using (var file = new CommandFile(commands))
        {
            new MixedData().Write(file, FewKeys);
            byte[] value = new byte[LargeValueBytes];
            new Random(512).NextBytes(value);
            file.Write("SET", "large", value);
        }

        await using BenchServer server = await BenchServer.StartEmptyAsync(cancellationToken);
        await MeasuredProcess.RunAsync("redis-cli", ["-p", server.Port.ToString(CultureInfo.InvariantCulture), "--pipe"], commands, null, cancellationToken);
        File.Delete(commands);
        string rdb = Path.Combine(folder, "large.rdb");
        File.Move(await server.SaveAsync(cancellationToken), rdb);
        return rdb;
    }
}
