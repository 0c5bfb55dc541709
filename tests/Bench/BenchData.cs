using System.Globalization;

namespace CacheBackup.Bench;

/// <summary>The data of a bench: the commands that make it, and the file that a server wrote of it.</summary>
/// <param name="CommandsPath">Element commands, for <c>redis-cli --pipe</c>.</param>
/// <param name="RdbPath">What the server saved after them.</param>
/// <param name="Description">Bytes, keys, memory and version, in one sentence.</param>
internal sealed record BenchData(string CommandsPath, string RdbPath, string Description)
{
    public long RdbBytes => new FileInfo(RdbPath).Length;

    public static async Task<BenchData> MakeAsync(string folder, long sizeBytes, CancellationToken cancellationToken)
    {
        string commands = Path.Combine(folder, "commands.resp");
        string rdb = Path.Combine(folder, "mixed.rdb");
        int keys = MixedData.KeysFor(sizeBytes);
        Console.Error.WriteLine($"Making {keys:N0} keys.");
        using (var file = new CommandFile(commands))
        {
            new MixedData().Write(file, keys);
        }

        await using BenchServer server = await BenchServer.StartEmptyAsync(cancellationToken);
        await MeasuredProcess.RunAsync("redis-cli", ["-p", server.Port.ToString(CultureInfo.InvariantCulture), "--pipe"], commands, null, cancellationToken);
        File.Move(await server.SaveAsync(cancellationToken), rdb);
        return new BenchData(commands, rdb, await DescribeAsync(server, rdb, cancellationToken));
    }

    private static async Task<string> DescribeAsync(BenchServer server, string rdb, CancellationToken cancellationToken)
    {
        // db0:keys=1,expires=1,avg_ttl=0
        string keyspace = await server.InfoAsync("keyspace", cancellationToken);
        string[] databases = [.. keyspace.Split("\r\n").Where(line => line.StartsWith("db", StringComparison.Ordinal))];
        long Sum(string field) => databases.Sum(line => long.Parse(line.Split(field + '=')[1].Split(',')[0], CultureInfo.InvariantCulture));
        string memory = (await server.InfoAsync("memory", cancellationToken)).Split("used_memory:")[1].Split("\r\n")[0];
        double gigabytes = long.Parse(memory, CultureInfo.InvariantCulture) / 1e9;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{new FileInfo(rdb).Length:N0} bytes of RDB: {Sum("keys"):N0} keys of all types in {databases.Length} databases, "
            + $"{Sum("expires"):N0} with expiry, {gigabytes:0.00} GB in memory");
    }
}
