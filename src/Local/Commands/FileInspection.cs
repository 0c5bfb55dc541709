using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>Looks through a file once, in flat memory.</summary>
internal static class FileInspection
{
    /// <param name="biggest">How many of the biggest keys to name.</param>
    /// <exception cref="RdbFormatException">The file is not a good one.</exception>
    public static async Task<Inspection> RunAsync(string path, int biggest, ToolConsole console, CancellationToken cancellationToken)
    {
        await using FileStream file = FileIndexing.Open(path);
        InspectionTally tally = new(biggest);
        IndexedContent content = await FileIndexing.RunAsync(file, tally, "inspect", console, cancellationToken);
        RdbSummary summary = content.Summary;
        return new Inspection
        {
            File = path,
            SizeBytes = summary.SizeBytes,
            RdbVersion = summary.Version.ToString(),
            Engine = EngineOf(summary) == CacheEngine.Valkey ? "valkey" : "redis",
            ServerVersion = summary.ServerVersion,
            CreatedAt = summary.CreatedAt,
            CrcVerified = summary.CrcState == RdbCrcState.Verified,
            Sha256 = content.Sha256.ToString()!,
            Keys = summary.Keys,
            KeysWithExpiry = summary.KeysWithExpiry,
            ExpiredKeys = summary.ExpiredKeys,
            Auxiliary = summary.Auxiliary,
            Types = tally.Types,
            Encodings = tally.Encodings,
            Databases = tally.Databases,
            Expiries = tally.Expiries,
            Functions = tally.Functions,
            Modules = [.. summary.ModuleAuxiliary.Select(module => module.ToString())],
            Biggest = tally.Biggest,
        };
    }

    /// <summary>The engine that wrote the file: Valkey 8 and older write the magic of Redis, and say who they are in a field.</summary>
    public static CacheEngine EngineOf(RdbSummary summary) =>
        summary.Auxiliary.ContainsKey("valkey-ver") ? CacheEngine.Valkey : summary.Version.Family;
}
