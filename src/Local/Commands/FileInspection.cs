using System.Globalization;
using System.Text.Json;
using CacheBackup.Core.Inspections;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>Looks through a file once, in flat memory.</summary>
internal static class FileInspection
{
    private static readonly string[] Lifetimes = ["expired", "under an hour", "under a day", "under a week", "under 30 days", "longer"];
    private static readonly string[] Sizes = ["under 64 B", "under 1 KiB", "under 16 KiB", "under 256 KiB", "under 1 MiB", "under 16 MiB", "larger"];

    /// <exception cref="RdbFormatException">The file is not a good one.</exception>
    public static async Task<Inspection> RunAsync(string path, FileInspectionOptions options, ToolConsole console, CancellationToken cancellationToken)
    {
        await using FileStream file = FileIndexing.Open(path);
        Inspector inspector = new(options.Look);
        RdbSummary summary = await FileIndexing.InspectAsync(file, inspector, "inspect", console, cancellationToken);
        return new Inspection
        {
            File = path,
            SizeBytes = summary.SizeBytes,
            RdbVersion = summary.Version.ToString(),
            Engine = EngineOf(summary) == CacheEngine.Valkey ? "valkey" : "redis",
            ServerVersion = summary.ServerVersion,
            CreatedAt = summary.CreatedAt,
            CrcVerified = summary.CrcState == RdbCrcState.Verified,
            Keys = summary.Keys,
            KeysWithExpiry = summary.KeysWithExpiry,
            ExpiredKeys = summary.ExpiredKeys,
            EstimatedMemoryBytes = inspector.MemoryBytes,
            UnsoundValues = inspector.UnsoundValues,
            FirstUnsoundOffset = inspector.FirstUnsoundOffsetBytes,
            Auxiliary = summary.Auxiliary,
            Types =
            [
                .. inspector.Types.GroupBy(type => ValueKind.Of(type.What), type => type.Group)
                    .Select(group => InspectedGroup.Of(group.Key, group)).OrderByDescending(group => group.Bytes),
            ],
            Encodings = [.. inspector.Types.Select(type => InspectedGroup.Of(ValueKind.EncodingOf(type.What), type.Group)).OrderByDescending(group => group.Bytes)],
            ServerEncodings = [.. inspector.Encodings.Select(encoding => InspectedGroup.Of(NameOf(encoding.What), encoding.Group)).OrderByDescending(group => group.Bytes)],
            Databases = [.. inspector.Databases.Select(database => InspectedGroup.Of(database.What.ToString(CultureInfo.InvariantCulture), database.Group))],
            Prefixes = PrefixesOf(inspector, options),
            Expiries = Named(Lifetimes, inspector.Lifetimes),
            Sizes = Named(Sizes, inspector.Sizes),
            Functions = [.. inspector.Functions.Select(library => new InspectedFunction(library.Name, library.Engine, library.SourceBytes))],
            Modules = [.. summary.ModuleAuxiliary.Select(module => module.ToString())],
            Biggest = [.. inspector.Biggest.Select(Describe)],
            MostElements = [.. inspector.MostElements.Select(Describe)],
        };
    }

    /// <summary>The engine that wrote the file: Valkey 8 and older write the magic of Redis, and say who they are in a field.</summary>
    public static CacheEngine EngineOf(RdbSummary summary) =>
        summary.Auxiliary.ContainsKey("valkey-ver") ? CacheEngine.Valkey : summary.Version.Family;

    private static string NameOf(ServerEncoding encoding) => JsonNamingPolicy.CamelCase.ConvertName(encoding.ToString());

    private static IReadOnlyList<InspectedGroup> Named(string[] names, IReadOnlyList<KeyGroup> groups) =>
        [.. names.Select((name, i) => InspectedGroup.Of(name, groups[i])).Where(group => group.Keys > 0)];

    private static InspectedPrefixes PrefixesOf(Inspector inspector, FileInspectionOptions options)
    {
        NamedGroup<byte[], KeyGroup>[] named = [.. inspector.Prefixes.Where(prefix => prefix.What.Length > 0).OrderByDescending(prefix => prefix.Group.Bytes)
            .ThenBy(prefix => Convert.ToHexString(prefix.What), StringComparer.Ordinal)];
        return new InspectedPrefixes(
            options.Look.Separator,
            options.Look.PrefixDepth,
            [.. named.Take(options.ShownPrefixes).Select(prefix => InspectedGroup.Of(Readable.Text(prefix.What, 4 * prefix.What.Length), prefix.Group))],
            InspectedGroup.Of("(no separator)", inspector.Prefixes.Where(prefix => prefix.What.Length == 0).Select(prefix => prefix.Group)),
            InspectedGroup.Of("(others)", named.Skip(options.ShownPrefixes).Select(prefix => prefix.Group).Append(inspector.OtherPrefixes)),
            named.Length,
            inspector.OtherPrefixes.Keys == 0);
    }

    private static InspectedKey Describe(BigKey key) => new(
        key.Database,
        Readable.Text(key.Key, Inspector.LongestKeyKept),
        ValueKind.Of(key.Type),
        ValueKind.EncodingOf(key.Type),
        NameOf(key.Encoding),
        key.Bytes,
        key.MemoryBytes,
        key.Elements,
        key.ExpireAtMilliseconds is { } known
            ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(known, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
            : null);
}
