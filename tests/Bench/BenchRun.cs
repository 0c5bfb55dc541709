namespace CacheBackup.Bench;

/// <summary>One bench, from making the data to the table. Everything it writes lies in one folder, which goes at the end.</summary>
internal sealed class BenchRun(BenchOptions options)
{
    /// <summary>What a bench needs on its disk at once, in files: the commands, the data, a copy in the service and one being taken.</summary>
    private const int FilesAtOnce = 5;

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        Programs found = await Programs.FindAsync(options.ToolPath, cancellationToken);
        RequireRoom();
        string folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"cache-backup-bench-{Environment.ProcessId}")).FullName;
        try
        {
            // Servers keep their directories where temporary files go.
            Environment.SetEnvironmentVariable("TMPDIR", folder);
            return await MeasureAsync(await found.WithLoopsAsync(options.LoopsPath, folder, cancellationToken), folder, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void RequireRoom()
    {
        long free = new DriveInfo(options.Folder).AvailableFreeSpace;
        if (free < FilesAtOnce * options.SizeBytes)
        {
            throw new InvalidOperationException(
                $"{options.Folder} has {free:N0} bytes free, and this takes {FilesAtOnce * options.SizeBytes:N0}. Choose another --folder, or a smaller --size.");
        }
    }

    private async Task<string> MeasureAsync(Programs programs, string folder, CancellationToken cancellationToken)
    {
        BenchData? made = null;
        async Task<BenchData> DataAsync() => made ??= await MakeAsync(folder, cancellationToken);
        var results = new List<Result>();
        foreach (string line in options.Lines)
        {
            Console.Error.WriteLine($"{line}:");
            switch (line)
            {
                case "files":
                    results.AddRange(await Alternation.RunAsync(FileLine.Contenders(programs, (await DataAsync()).RdbPath), options.Runs, cancellationToken));
                    break;
                case "snapshot":
                    results.AddRange(await SnapshotAsync(programs, await DataAsync(), folder, cancellationToken));
                    break;
                case ScanLine.Job:
                    results.AddRange(await ScanAsync(programs, await DataAsync(), folder, cancellationToken));
                    break;
                case MemcachedLine.Job:
                    results.AddRange(await MemcachedLine.MeasureAsync(programs, options.Runs, folder, cancellationToken));
                    break;
                case "restore":
                    results.AddRange(await Alternation.RunAsync(RestoreLine.Contenders(programs, await DataAsync()), options.Runs, cancellationToken));
                    break;
                case "crc":
                    results.AddRange(await Alternation.RunAsync(CrcLine.Contenders(), options.Runs, cancellationToken));
                    break;
                case "memory":
                    results.AddRange(await MemoryAsync(programs, await DataAsync(), folder, cancellationToken));
                    break;
            }
        }

        return Report.Of(options, programs, made?.Description, made?.RdbBytes ?? 0, results);
    }

    private async Task<BenchData> MakeAsync(string folder, CancellationToken cancellationToken)
    {
        BenchData data = await BenchData.MakeAsync(folder, options.SizeBytes, cancellationToken);
        Console.Error.WriteLine(data.Description);
        return data;
    }

    private static async Task<IReadOnlyList<Result>> MemoryAsync(Programs programs, BenchData data, string folder, CancellationToken cancellationToken)
    {
        // The commands are not needed any more, and a large value wants the room.
        File.Delete(data.CommandsPath);
        string size = $"{Math.Round(data.RdbBytes / 1e9, 1)} GB";
        IReadOnlyList<Result> mixed = await MemoryLine.MeasureAsync(programs, size, data.RdbPath, folder, cancellationToken);
        string large = await MemoryLine.MakeLargeStringAsync(folder, cancellationToken);
        IReadOnlyList<Result> one = await MemoryLine.MeasureAsync(programs, MemoryLine.LargeString, large, folder, cancellationToken);
        string hash = await MemoryLine.MakeLargeHashAsync(folder, cancellationToken);
        return [.. mixed, .. one, .. await MemoryLine.MeasureAsync(programs, MemoryLine.LargeHash, hash, folder, cancellationToken)];
    }

    private async Task<IReadOnlyList<Result>> ScanAsync(Programs programs, BenchData data, string folder, CancellationToken cancellationToken)
    {
        IReadOnlyList<Result> compared;
        (BenchServer source, _) = await BenchServer.StartLoadedAsync(data.RdbPath, cancellationToken);
        await using (source)
        {
            compared = await Alternation.RunAsync(ScanLine.Contenders(programs, source, data.RdbBytes, folder), options.Runs, cancellationToken);
        }

        string few = Directory.CreateDirectory(Path.Combine(folder, "few")).FullName;
        BenchData quarter = await BenchData.MakeAsync(few, options.SizeBytes / 4, cancellationToken);
        (BenchServer smaller, _) = await BenchServer.StartLoadedAsync(quarter.RdbPath, cancellationToken);
        await using (smaller)
        {
            Contender ours = ScanLine.Ours($"{ScanLine.Job}, a quarter", programs, smaller, quarter.RdbBytes, folder);
            return [.. compared, .. await Alternation.RunAsync([ours], 1, cancellationToken)];
        }
    }

    private async Task<IReadOnlyList<Result>> SnapshotAsync(Programs programs, BenchData data, string folder, CancellationToken cancellationToken)
    {
        (BenchServer source, _) = await BenchServer.StartLoadedAsync(data.RdbPath, cancellationToken);
        await using BenchServer server = source;
        await using BenchService service = await BenchService.StartAsync(programs.Tool, folder, source, cancellationToken);
        return await Alternation.RunAsync(SnapshotLine.Contenders(programs, source, service, folder), options.Runs, cancellationToken);
    }
}
