using System.Text.Json;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Segments;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>Checks a file. Damage is a result, not an exception.</summary>
internal static class FileVerification
{
    /// <param name="decodeValues">Also look into every value.</param>
    public static async Task<Verification> RunAsync(string path, bool decodeValues, ToolConsole console, CancellationToken cancellationToken)
    {
        await using FileStream file = FileIndexing.Open(path);
        (RdbVerification verification, IndexedContent? content) = await FileIndexing.VerifyAsync(
            file, decodeValues ? new ValueCheck() : null, "verify", console, cancellationToken);
        return Describe(path, file.Length, verification, content);
    }

    private static Verification Describe(string path, long length, RdbVerification verification, IndexedContent? content) => new()
    {
        File = path,
        Verdict = Word(verification.Verdict.ToString()),
        Reason = verification.Reason,
        Code = verification.Code?.ToString(),
        Offset = verification.OffsetBytes,
        RdbVersion = verification.RdbVersion?.ToString(),
        SizeBytes = length,
        ContentDigest = content?.ContentDigest.ToString(),
        Segments = content?.Index.Segments.Count,
        Keys = verification.Summary.Keys,
        KeysWithExpiry = verification.Summary.KeysWithExpiry,
        ExpiredKeys = verification.Summary.ExpiredKeys,
        Functions = verification.Summary.Functions,
        Databases = [.. verification.Summary.Databases.Where(database => database.Keys > 0).Select(database => database.Number)],
        Types = verification.Summary.Types.ToDictionary(type => ValueKind.EncodingOf(type.Key), type => type.Value),
    };

    private static string Word(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
