using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Functions.Api;
using CacheBackup.Local.Terminal;
using Spectre.Console;

namespace CacheBackup.Local.Demo;

/// <summary>What the demo tells.</summary>
internal static class DemoReport
{
    public static void Write(DemoDataSummary data, ToolConsole console)
    {
        console.Output.WriteLine(
            $"Source: {Readable.Count(data.Keys, "key")} of {data.KeysByKind.Count} kinds in 4 databases, {data.Functions} function libraries, "
            + $"and {Readable.Count(data.ShortLived, "key")} that expire at once.");
    }

    /// <summary>The backup as the catalog describes it.</summary>
    public static void Write(BackupView backup, int listed, ToolConsole console)
    {
        ShardManifest shard = backup.Shards![0];
        Table table = new() { Title = new TableTitle($"Backup {backup.Name}: {backup.Status}, {listed} in the list") };
        table.AddColumn("what");
        table.AddColumn("recorded");
        AddRow(table, "taken from", $"{backup.Engine} {backup.EngineVersion}, as of {Readable.Time(shard.ServerTime)}, by {shard.Method}");
        AddRow(table, "data file", $"{Readable.Bytes(backup.SizeBytes)}, {shard.RdbVersion}, {Readable.Count(shard.Segments, "segment")}");
        AddRow(
            table,
            "keys",
            $"{Readable.Count(backup.Keys)}, of which {Readable.Count(backup.KeysWithExpiry)} expire and {Readable.Count(backup.ExpiredKeys)} had expired");
        AddRow(table, "by type", string.Join(", ", shard.KeysByType.OrderByDescending(type => type.Value).Select(type => $"{type.Key} {Readable.Count(type.Value)}")));
        AddRow(table, "by database", string.Join(", ", shard.Databases.Select(Describe)));
        AddRow(table, "functions", Readable.Count(shard.FunctionLibraries, "library", "libraries"));
        AddRow(table, "CRC-64", $"{shard.Crc64}{(shard.CrcVerified ? ", verified" : string.Empty)}");
        AddRow(table, "SHA-256", shard.Sha256 ?? $"{shard.ContentDigest} (of its segments' digests)");
        console.Write(table);
    }

    public static void Write(IReadOnlyList<DemoStep> steps, ToolConsole console)
    {
        Table table = new();
        table.AddColumn("step");
        foreach (string title in (string[])["keys", "size", "time", "keys/s", "bytes/s"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (DemoStep step in steps)
        {
            double seconds = Math.Max(step.Time.TotalSeconds, 0.001);
            AddRow(
                table,
                step.What,
                Readable.Count(step.Keys),
                step.Bytes > 0 ? Readable.Bytes(step.Bytes) : string.Empty,
                Readable.Duration(step.Time),
                Readable.Count((long)(step.Keys / seconds)),
                step.Bytes > 0 ? Readable.Rate(step.Bytes, step.Time) : string.Empty);
        }

        console.Write(table);
    }

    public static void Write(CacheComparisonReport report, ToolConsole console)
    {
        TextWriter output = console.Output;
        output.WriteLine(
            $"{Readable.Count(report.Compared, "key")} compared: {Readable.Count(report.Equal)} equal in value and expiry, "
            + $"{Readable.Count(report.Expired)} expired meanwhile; {Readable.Count(report.Missing)} missing, {Readable.Count(report.Extra)} extra, "
            + $"{Readable.Count(report.OtherValue)} with another value, {Readable.Count(report.OtherExpiry)} with another expiry; "
            + $"{report.Functions} function libraries, {report.OtherFunctions} different.");
        output.WriteLine(report.IsEqual ? "EQUAL: the restored cache is a copy of the source." : "DIFFERENT: the restored cache is not a copy of the source.");
    }

    private static string Describe(DatabaseContent database) =>
        string.Create(CultureInfo.InvariantCulture, $"{database.Database}: {Readable.Count(database.Keys)}");

    private static void AddRow(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));
}
