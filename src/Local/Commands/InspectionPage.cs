using System.Globalization;
using CacheBackup.Local.Terminal;
using Spectre.Console;

namespace CacheBackup.Local.Commands;

/// <summary>An inspection as a page for people.</summary>
internal static class InspectionPage
{
    private const int LongestKey = 48;

    public static void Write(Inspection inspection, ToolConsole console)
    {
        TextWriter output = console.Output;
        string server = inspection.ServerVersion is { } version ? $"{EngineName(inspection)} {version}" : EngineName(inspection);
        string written = inspection.CreatedAt is { } at ? $", written {Readable.Time(at)}" : string.Empty;
        output.WriteLine($"{inspection.File}: {Readable.Bytes(inspection.SizeBytes)}, {inspection.RdbVersion}, by {server}{written}");
        output.WriteLine(
            $"{Readable.Count(inspection.Keys, "key")}, {Readable.Count(inspection.KeysWithExpiry)} with expiry "
            + $"({Readable.Count(inspection.ExpiredKeys)} already past), {Readable.Count(inspection.Functions.Count, "function library", "function libraries")}; "
            + (inspection.CrcVerified ? "checksum verified" : "no checksum in the file"));
        output.WriteLine($"about {Readable.Bytes(inspection.EstimatedMemoryBytes)} of data in a server's memory");
        if (inspection.UnsoundValues > 0)
        {
            output.WriteLine(
                $"{Readable.Count(inspection.UnsoundValues, "value")} cannot be decoded, the first one at byte {inspection.FirstUnsoundOffset}: measured by stored bytes alone.");
        }

        WriteGroups("type", inspection.Types, inspection, console);
        WriteGroups("stored as", inspection.Encodings, inspection, console);
        WriteGroups("in a server", inspection.ServerEncodings, inspection, console);
        WriteGroups("database", inspection.Databases, inspection, console);
        WritePrefixes(inspection, console);
        WriteGroups("size", inspection.Sizes, inspection, console);
        WriteGroups("time to live", inspection.Expiries, inspection, console);
        WriteFunctions(inspection, console);
        WriteBiggest("biggest keys", inspection.Biggest, console);
        WriteBiggest("most elements", inspection.MostElements, console);
        if (inspection.Modules.Count > 0)
        {
            output.WriteLine($"Modules with data outside of keys: {string.Join(", ", inspection.Modules)}");
        }

        output.WriteLine($"Fields: {string.Join(", ", inspection.Auxiliary.Select(field => $"{Safe(field.Key)}={Safe(field.Value)}"))}");
    }

    private static string EngineName(Inspection inspection) => inspection.Engine == "valkey" ? "Valkey" : "Redis OSS";

    private static void WriteGroups(string title, IReadOnlyList<InspectedGroup> groups, Inspection inspection, ToolConsole console)
    {
        if (groups.Count == 0)
        {
            return;
        }

        Table table = new();
        table.AddColumn(title);
        AddNumbers(table, "keys", "with expiry", "bytes", "memory", "share");
        table.AddColumn(string.Empty);
        foreach (InspectedGroup group in groups)
        {
            double share = inspection.SizeBytes == 0 ? 0 : 100.0 * group.Bytes / inspection.SizeBytes;
            AddRow(
                table,
                group.Name.Length <= LongestKey ? group.Name : group.Name[..LongestKey] + "…",
                Readable.Count(group.Keys),
                Readable.Count(group.KeysWithExpiry),
                Readable.Bytes(group.Bytes),
                Readable.Bytes(group.MemoryBytes),
                $"{share.ToString("0.0", CultureInfo.InvariantCulture)} %",
                Bar(share, console.IsUnicode));
        }

        console.Write(table);
    }

    private static void WritePrefixes(Inspection inspection, ToolConsole console)
    {
        InspectedPrefixes prefixes = inspection.Prefixes;
        if (prefixes.Groups.Count == 0)
        {
            return;
        }

        WriteGroups("prefix", [.. prefixes.Groups, .. new[] { prefixes.WithoutSeparator, prefixes.Others }.Where(group => group.Keys > 0)], inspection, console);
        if (!prefixes.IsComplete)
        {
            console.Output.WriteLine($"Only the first {Readable.Count(prefixes.Counted)} prefixes have counters of their own: among the others there may be bigger ones.");
        }
    }

    /// <summary>A share of the whole as a bar of up to 20 signs.</summary>
    private static string Bar(double percent, bool isUnicode)
    {
        const double PercentPerSign = 5;
        return new string(isUnicode ? '█' : '#', (int)Math.Round(Math.Clamp(percent, 0, 100) / PercentPerSign));
    }

    private static void WriteFunctions(Inspection inspection, ToolConsole console)
    {
        if (inspection.Functions.Count == 0)
        {
            return;
        }

        Table table = new();
        table.AddColumn("function library");
        table.AddColumn("engine");
        AddNumbers(table, "source");
        foreach (InspectedFunction function in inspection.Functions)
        {
            AddRow(table, Safe(function.Name ?? "(no name)"), Safe(function.Engine ?? "?"), Readable.Bytes(function.SourceBytes));
        }

        console.Write(table);
    }

    private static void WriteBiggest(string title, IReadOnlyList<InspectedKey> keys, ToolConsole console)
    {
        if (keys.Count == 0)
        {
            return;
        }

        Table table = new();
        table.AddColumn(title);
        table.AddColumn("type");
        table.AddColumn("in a server");
        AddNumbers(table, "database", "bytes", "memory", "elements");
        table.AddColumn("expires");
        foreach (InspectedKey key in keys)
        {
            AddRow(
                table,
                key.Key.Length <= LongestKey ? key.Key : key.Key[..LongestKey] + "…",
                key.Type,
                key.ServerEncoding,
                key.Database.ToString(CultureInfo.InvariantCulture),
                Readable.Bytes(key.Bytes),
                Readable.Bytes(key.MemoryBytes),
                Readable.Count(key.Items),
                key.ExpiresAt is { } at ? Readable.Time(at) : "never");
        }

        console.Write(table);
    }

    private static void AddNumbers(Table table, params string[] titles)
    {
        foreach (string title in titles)
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }
    }

    // As text: what comes from a file must not be read as mark-up.
    private static void AddRow(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    private static string Safe(string text) => Readable.Text(System.Text.Encoding.UTF8.GetBytes(text));
}
