using System.Globalization;

namespace CacheBackup.Bench;

/// <summary>What is to be measured, on how much, how often.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        bench.sh [line ...] [--size 1GB] [--runs 5] [--folder DIR] [--output FILE]

          line       files      verify and inspect against the engines' own checkers
                     snapshot   replication into a file and into the service's store, against redis-cli --rdb
                     scan       a scan into a file against a bare C loop of SCAN and DUMP (--loops)
                     memcached  1,000,000 items into a file against a bare C loop of meta gets (--loops) and memcached-tool dump
                     restore    restore and compare, against the server's own load and redis-cli --pipe
                     crc        CRC-64 against memory bandwidth
                     memory     peak memory, once: with --size, one value of 512 MB, one hash of 5,000,000 fields
                     Without one: files snapshot restore crc.
          --size     bytes of RDB to make: 200MB, 1GB, 4GB (10^6 and 10^9 bytes)
          --runs     runs of each contender, which take turns; medians are shown
          --folder   where data and servers go, removed at the end; default: the temporary directory
          --loops    a folder with scandump.c and mcbench.c, which are compiled here; without it neither is measured
          --output   also write the table to this file
        """;

    private static readonly string[] Known = ["files", "snapshot", "scan", "memcached", "restore", "crc", "memory"];

    public IReadOnlyList<string> Lines { get; init; } = ["files", "snapshot", "restore", "crc"];

    /// <summary>Bytes of RDB, about: 10 MB to 100 GB.</summary>
    public long SizeBytes { get; init; } = 1_000_000_000;

    /// <summary>1 to 99.</summary>
    public int Runs { get; init; } = 5;

    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>Where the bare loops' sources are; null: nowhere.</summary>
    public string? LoopsPath { get; init; }

    public string? OutputPath { get; init; }

    /// <summary>The published tool.</summary>
    public string ToolPath { get; init; } = Path.GetFullPath("dist/cache-backup");

    /// <exception cref="FormatException">An argument is unknown or out of range.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        var lines = new List<string>();
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (Known.Contains(argument))
            {
                lines.Add(argument);
                continue;
            }

            string value = i + 1 < arguments.Count ? arguments[++i] : throw new FormatException($"{argument}: no such line, or its value is missing.");
            options = argument switch
            {
                "--size" => options with { SizeBytes = ParseSize(value) },
                "--runs" => options with { Runs = ParseRuns(value) },
                "--folder" => options with { Folder = Path.GetFullPath(value) },
                "--loops" => options with { LoopsPath = Path.GetFullPath(value) },
                "--output" => options with { OutputPath = Path.GetFullPath(value) },
                "--tool" => options with { ToolPath = Path.GetFullPath(value) },
                _ => throw new FormatException($"{argument}: no such line or option."),
            };
        }

        // In our order: the memory line comes last, since it removes what others need.
        return lines.Count > 0 ? options with { Lines = [.. Known.Where(lines.Contains)] } : options;
    }

    private static int ParseRuns(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int runs) && runs is >= 1 and <= 99
            ? runs
            : throw new FormatException("--runs is 1 to 99.");

    private static long ParseSize(string text)
    {
        long unit = text switch
        {
            [.., 'G', 'B'] => 1_000_000_000,
            [.., 'M', 'B'] => 1_000_000,
            _ => throw new FormatException("--size is a number of MB or GB, such as 200MB."),
        };
        return long.TryParse(text[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number * unit is >= 10_000_000 and <= 100_000_000_000
            ? number * unit
            : throw new FormatException("--size is 10MB to 100GB.");
    }
}
