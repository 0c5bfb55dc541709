using System.Globalization;
using CacheBackup.Local.Terminal;
using Spectre.Console;

namespace CacheBackup.Local.Commands;

/// <summary>How two files differ, as a page for people.</summary>
internal static class FileDiffPage
{
    private const int LongestName = 48;

    public static void Write(FileDiff diff, ToolConsole console)
    {
        TextWriter output = console.Output;
        foreach (FileDiffSide side in (FileDiffSide[])[diff.First, diff.Second])
        {
            output.WriteLine(
                $"{side.File}: {Readable.Bytes(side.SizeBytes)}, {side.RdbVersion}, {Readable.Count(side.Keys, "key")}; "
                + (side.CrcVerified ? "checksum verified" : "no checksum in the file"));
        }

        if (diff.Equal)
        {
            output.WriteLine($"Equal: {Readable.Count(diff.Keys.Equal, "key")} with the same values and expiries, and the same functions.");
            return;
        }

        output.WriteLine(
            $"Different: {Readable.Count(diff.Keys.Added)} added, {Readable.Count(diff.Keys.Removed)} removed, "
            + $"{Readable.Count(diff.Keys.TypeChanged)} of another type, {Readable.Count(diff.Keys.ValueChanged)} with another value, "
            + $"{Readable.Count(diff.Keys.ExpiryChanged)} with another expiry; {Readable.Count(diff.Keys.Equal)} equal; "
            + $"{Readable.Count(diff.DifferingFunctions, "function library differs", "function libraries differ")}.");
        WriteGroups("database", diff.Databases, console);
        if (diff.Prefixes.Count > 0)
        {
            WriteGroups("prefix", [.. diff.Prefixes, diff.OtherPrefixes], console);
        }

        WriteExamples(diff, console);
    }

    private static void WriteGroups(string title, IReadOnlyList<FileDiffGroup> groups, ToolConsole console)
    {
        Table table = new();
        table.AddColumn(title);
        foreach (string number in (string[])["added", "removed", "type", "value", "expiry", "equal"])
        {
            table.AddColumn(new TableColumn(number).RightAligned());
        }

        table.AddColumn("differing");
        long most = groups.Max(Differing);
        foreach (FileDiffGroup group in groups)
        {
            AddRow(
                table,
                Cut(group.Name),
                Readable.Count(group.Added),
                Readable.Count(group.Removed),
                Readable.Count(group.TypeChanged),
                Readable.Count(group.ValueChanged),
                Readable.Count(group.ExpiryChanged),
                Readable.Count(group.Equal),
                Bar(Differing(group), most, console.IsUnicode));
        }

        console.Write(table);
    }

    private static void WriteExamples(FileDiff diff, ToolConsole console)
    {
        if (diff.Examples.Count == 0)
        {
            return;
        }

        Table table = new();
        table.AddColumn("key");
        table.AddColumn("what");
        table.AddColumn("type");
        table.AddColumn(new TableColumn("database").RightAligned());
        table.AddColumn(new TableColumn("at byte").RightAligned());
        foreach (FileDiffKey key in diff.Examples)
        {
            AddRow(
                table,
                Cut(key.Key),
                key.Kind,
                key.Type,
                key.Database.ToString(CultureInfo.InvariantCulture),
                Readable.Count(key.Offset));
        }

        console.Write(table);
    }

    private static long Differing(FileDiffGroup group) => group.Added + group.Removed + group.TypeChanged + group.ValueChanged + group.ExpiryChanged;

    private static string Bar(long count, long most, bool isUnicode)
    {
        const double Signs = 20;
        return most == 0 ? string.Empty : new string(isUnicode ? '█' : '#', (int)Math.Ceiling(Signs * count / most));
    }

    private static string Cut(string name) => name.Length <= LongestName ? name : name[..LongestName] + "…";

    // As text: what comes from a file must not be read as mark-up.
    private static void AddRow(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));
}
