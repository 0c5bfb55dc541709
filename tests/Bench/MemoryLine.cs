using System.Globalization;
using System.Text;

namespace CacheBackup.Bench;

/// <summary>The most memory that each command takes, once each: on the mixed file, and on files of one large value.</summary>
internal static class MemoryLine
{
    /// <summary>How the file of one large value is called.</summary>
    public const string LargeString = "one value of 512 MB";

    /// <summary>How the file of one large hash is called.</summary>
    public const string LargeHash = "one hash of 5,000,000 fields";

    /// <summary>Those whose bill holds a large value.</summary>
    public static readonly IReadOnlyList<string> LargeValues = [LargeString, LargeHash];

    /// <summary>The longest argument that servers take unless they are told otherwise; random, so that it is not stored compressed.</summary>
    private const int LargeStringBytes = 512 << 20;

    private const int LargeHashFields = 5_000_000;

    /// <summary>Fields that one command sets.</summary>
    private const int FieldsAtOnce = 10_000;

    private const int FewKeys = 10_000;
    private const string LargeKey = "large";

    /// <summary>Runs each command once on a file and on the server that it was loaded into.</summary>
    public static async Task<IReadOnlyList<Result>> MeasureAsync(
        Programs programs, string what, string rdbPath, string folder, CancellationToken cancellationToken)
    {
        var results = new List<Result>();
        long bytes = new FileInfo(rdbPath).Length;
        async Task RunAsync(string command, int? server, params string[] arguments)
        {
            Sample sample = await MeasuredProcess.RunAsync(programs.Tool, [.. command.Split(' '), .. arguments], inputPath: null, server, cancellationToken);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {command}, {what}: {sample.Seconds:0.0} s, peak {sample.PeakBytes / 1e6:0} MB"));
            results.Add(new Result(new Contender($"memory, {what}", $"cache-backup {command}", _ => Task.FromResult(sample)) { Bytes = bytes }, [sample]));
        }

        await RunAsync("verify", null, rdbPath);
        await RunAsync("inspect", null, rdbPath, "--json");
        string taken = Path.Combine(folder, "taken.rdb");
        await using (BenchServer target = await BenchServer.StartEmptyAsync(cancellationToken))
        {
            await RunAsync("restore", target.ProcessId, rdbPath, target.Url);
            await RunAsync("snapshot", target.ProcessId, target.Url, taken);
            await RunAsync("snapshot --force --method scan", target.ProcessId, target.Url, taken);
            if (LargeValues.Contains(what))
            {
                await RunAsync($"snapshot --force --method scan --in-pieces {LargeKey}", target.ProcessId, target.Url, taken);
            }
        }

        File.Delete(taken);
        return results;
    }

    /// <summary>A file of a few keys and one value of 512 MB.</summary>
    public static Task<string> MakeLargeStringAsync(string folder, CancellationToken cancellationToken) => MakeAsync(
        folder,
        file =>
        {
            byte[] value = new byte[LargeStringBytes];
            new Random(512).NextBytes(value);
            file.Write("SET", LargeKey, value);
        },
        cancellationToken);

    /// <summary>A file of a few keys and one hash of 5,000,000 fields, with values of 4 to 40 bytes.</summary>
    public static Task<string> MakeLargeHashAsync(string folder, CancellationToken cancellationToken) => MakeAsync(
        folder,
        file =>
        {
            var data = new MixedData();
            for (int made = 0; made < LargeHashFields; made += FieldsAtOnce)
            {
                data.WriteFields(file, Encoding.ASCII.GetBytes(LargeKey), made, FieldsAtOnce);
            }
        },
        cancellationToken);

    private static async Task<string> MakeAsync(string folder, Action<CommandFile> writeLarge, CancellationToken cancellationToken)
    {
        string commands = Path.Combine(folder, "large.resp");
        using (var file = new CommandFile(commands))
        {
            new MixedData().Write(file, FewKeys);
            writeLarge(file);
        }

        await using BenchServer server = await BenchServer.StartEmptyAsync(cancellationToken);
        await MeasuredProcess.RunAsync("redis-cli", ["-p", server.Port.ToString(CultureInfo.InvariantCulture), "--pipe"], commands, null, cancellationToken);
        File.Delete(commands);
        string rdb = Path.Combine(folder, "large.rdb");
        File.Move(await server.SaveAsync(cancellationToken), rdb, overwrite: true);
        return rdb;
    }
}
