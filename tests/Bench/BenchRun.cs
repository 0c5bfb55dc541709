namespace CacheBackup.Bench;

/// <summary>One bench, from making the data to the table. Everything it writes lies in one folder, which goes at the end.</summary>
internal sealed class BenchRun(BenchOptions options)
{
    /// <summary>What a bench needs on its disk at once, in files: the commands, the data, a copy in the service and one being taken.</summary>
    private const int FilesAtOnce = 5;

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        Programs programs = await Programs.FindAsync(options.ToolPath, cancellationToken);
        RequireRoom();
        string folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"cache-backup-bench-{Environment.ProcessId}")).FullName;
        try
        {
            // Servers keep their directories where temporary files go.
            Environment.SetEnvironmentVariable("TMPDIR", folder);
            return await MeasureAsync(programs, folder, cancellationToken);
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
        BenchData data = await BenchData.MakeAsync(folder, options.SizeBytes, cancellationToken);
        Console.Error.WriteLine(data.Description);
        var results = new List<Result>();
        foreach (string line in options.Lines)
        {
            Console.Error.WriteLine($"{line}:");
            switch (line)
            {
                case "files":
                    results.AddRange(await Alternation.RunAsync(FileLine.Contenders(programs, data.RdbPath), options.Runs, cancellationToken));
                    break;
                case "snapshot":
                    results.AddRange(await SnapshotAsync(programs, data, folder, cancellationToken));
                    break;
                case "restore":
                    results.AddRange(await Alternation.RunAsync(RestoreLine.Contenders(programs, data), options.Runs, cancellationToken));
                    break;
                case "crc":
                    results.AddRange(await Alternation.RunAsync(CrcLine.Contenders(), options.Runs, cancellationToken));
                    break;
                case "memory":
                    results.AddRange(await MemoryAsync(programs, data, folder, cancellationToken));
                    break;
            }
        }

        return Report.Of(options, programs, data.Description, data.RdbBytes, results);
    }

    private static async Task<IReadOnlyList<Result>> MemoryAsync(Programs programs, BenchData data, string folder, CancellationToken cancellationToken)
    {
        // The commands are not needed any more, and a large value wants the room.
        File.Delete(data.CommandsPath);
        string size = $"{Math.Round(data.RdbBytes / 1e9, 1)} GB";
        IReadOnlyList<Result> mixed = await MemoryLine.MeasureAsync(programs, size, data.RdbPath, folder, cancellationToken);
        string large = await MemoryLine.MakeLargeValueAsync(folder, cancellationToken);
        return [.. mixed, .. await MemoryLine.MeasureAsync(programs, MemoryLine.LargeValue, large, folder, cancellationToken)];
    }

    private async Task<IReadOnlyList<Result>> SnapshotAsync(Programs programs, BenchData data, string folder, CancellationToken cancellationToken)
    {
        (BenchServer source, _) = await BenchServer.StartLoadedAsync(data.RdbPath, cancellationToken);
        await using BenchServer server = source;
        await using BenchService service = await BenchService.StartAsync(programs.Tool, folder, source, cancellationToken);
        return await Alternation.RunAsync(SnapshotLine.Contenders(programs, source, service, folder), options.Runs, cancellationToken);
    }
}
