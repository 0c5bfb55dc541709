using System.Globalization;
using System.Text.Json;
using CacheBackup.Core.Inspections;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Rewrites;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>Compares two files, in flat memory.</summary>
internal static class FileDiffing
{
    /// <param name="shownPrefixes">Those with the most differing keys; the rest are summed up.</param>
    public static async Task<FileDiff> RunAsync(
        string first, string second, DiffOptions options, int shownPrefixes, ToolConsole console, CancellationToken cancellationToken)
    {
        await using FileStream one = FileIndexing.Open(first);
        await using FileStream other = FileIndexing.Open(second);
        DiffReport report;
        await using (ProgressPhase progress = console.Begin("diff"))
        {
            report = await new RdbDiff(options).RunAsync(new RewriteInput(first, one), new RewriteInput(second, other), progress, cancellationToken);
            progress.Complete();
        }

        List<FileDiffKey> examples = [];
        foreach (DiffExample example in report.Examples)
        {
            bool isInFirst = example.Kind == DiffKind.Removed;
            byte[] key = await KeyAt.ReadAsync(
                isInFirst ? one : other, (isInFirst ? report.First : report.Second).Version, example.OffsetBytes, cancellationToken);
            examples.Add(new FileDiffKey(
                NameOf(example.Kind), example.Database, ValueKind.Of(example.Family), example.OffsetBytes, Readable.Text(key, Inspector.LongestKeyKept)));
        }

        NamedGroup<byte[], DiffCounts>[] prefixes =
        [
            .. report.Prefixes.Where(prefix => prefix.What.Length > 0 && prefix.Group.Differing > 0).OrderByDescending(prefix => prefix.Group.Differing),
        ];
        FileDiffGroup[] shown = [.. prefixes.Take(shownPrefixes).Select(prefix => FileDiffGroup.Of(Readable.Text(prefix.What, 4 * prefix.What.Length), prefix.Group))];
        return new FileDiff
        {
            First = SideOf(first, report.First),
            Second = SideOf(second, report.Second),
            Equal = report.IsEqual,
            Keys = FileDiffGroup.Of("all", report.Total),
            Databases = [.. report.Databases.Select(database => FileDiffGroup.Of(database.What.ToString(CultureInfo.InvariantCulture), database.Group))],
            Separator = options.Prefixes.Separator,
            Depth = options.Prefixes.PrefixDepth,
            Prefixes = shown,
            OtherPrefixes = FileDiffGroup.Sum(
                "(others)",
                report.Prefixes.Except(prefixes.Take(shownPrefixes)).Select(prefix => prefix.Group).Append(report.OtherPrefixes)
                    .Select(counts => FileDiffGroup.Of(string.Empty, counts))),
            DifferingFunctions = report.DifferingFunctions,
            Examples = examples,
        };
    }

    private static string NameOf(DiffKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    private static FileDiffSide SideOf(string file, RdbSummary summary) =>
        new(file, summary.Version.ToString(), summary.SizeBytes, summary.Keys, summary.CrcState == RdbCrcState.Verified);
}
