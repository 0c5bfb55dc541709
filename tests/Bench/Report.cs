using System.Globalization;
using System.Text;

namespace CacheBackup.Bench;

/// <summary>What was measured, as Markdown.</summary>
internal static class Report
{
    public static string Of(BenchOptions options, Programs programs, string? data, long rdbBytes, IReadOnlyList<Result> results)
    {
        var text = new StringBuilder();
        text.AppendLine("```").AppendLine(Command(options)).AppendLine("```").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Processor()}, {Environment.ProcessorCount} processors.{(data is null ? null : $" {data}.")}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Medians of {options.Runs}, taking turns; MB = 10^6 bytes of the file; peak: the highest of all runs.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Peers: {string.Join(", ", programs.Found.Values.Select(program => program.Name))}. {Missing(programs)}");
        text.AppendLine();
        text.AppendLine("| job | by | seconds | MB/s | CPU s | peak MB | server's CPU s |").AppendLine("|---|---|---|---|---|---|---|");
        foreach (Result result in results)
        {
            bool isChecksum = result.Contender.Job is "crc" or "memory";
            double speed = isChecksum ? CrcLine.GigabytesPerSecond(result) * 1000 : (result.Contender.Bytes ?? rdbBytes) / result.Seconds / 1e6;
            text.Append(CultureInfo.InvariantCulture, $"| {result.Contender.Job} | {result.Contender.Name} | {result.Seconds:0.00} | {speed:0} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {result.CpuSeconds:0.00} | {result.PeakBytes / 1e6:0} | {result.ServerCpuSeconds:0.0} |");
        }

        text.AppendLine().AppendLine("| figure | measured | to reach | |").AppendLine("|---|---|---|---|");
        foreach (Verdict verdict in Verdicts.Of(results, rdbBytes))
        {
            string word = verdict.IsReached ? "reached" : "**missed**";
            text.AppendLine(CultureInfo.InvariantCulture, $"| {verdict.Figure} | {verdict.Measured} | {verdict.ToReach} | {word} |");
        }

        return text.ToString();
    }

    private static string Command(BenchOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"./bench.sh {string.Join(' ', options.Lines)} --size {options.SizeBytes / 1_000_000}MB --runs {options.Runs}{(options.LoopsPath is null ? null : " --loops DIR")}");

    private static string Missing(Programs programs) =>
        programs.Missing.Count == 0 ? string.Empty : $"Not here, and left out: {string.Join(", ", programs.Missing)}.";

    private static string Processor()
    {
        string? line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? "A processor of unknown name" : line.Split(':')[1].Trim();
    }
}
