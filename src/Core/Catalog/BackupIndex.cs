using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>
/// The keys by which backups are found: <c>catalog/by-&lt;what&gt;/&lt;value&gt;/&lt;time, newest first&gt;-&lt;name&gt;</c>. Tags
/// stand there as digests, since they hold more than a key may; behind the name of a tag's key follows the size of the data.
/// </summary>
public static class BackupIndex
{
    private const int TagDigestBytes = 10;

    // No name holds it.
    private const char SizeMark = '=';

    /// <summary>Every index key of a backup.</summary>
    public static IEnumerable<ObjectKey> KeysOf(Backup backup)
    {
        List<string> lists = [CatalogKeys.BackupsByTime, OfCache(backup.Cache), OfKind(backup.Kind), OfStatus(backup.ShownStatus), OfData(backup.Id)];
        if (backup.Origin is { } origin)
        {
            lists.Add(OfEngine(origin.Engine));
        }

        string end = DescendingTime.KeyOf(backup.CreatedAt, backup.Name.Value);
        string sized = string.Create(CultureInfo.InvariantCulture, $"{end}{SizeMark}{backup.Shards.Sum(s => s.SizeBytes)}");
        return lists.Select(list => new ObjectKey(list + end))
            .Concat((backup.Tags ?? []).Select(tag => new ObjectKey(OfTag(tag.Key, tag.Value) + sized)));
    }

    public static string OfCache(CacheName cache) => $"catalog/by-cache/{cache}/";

    public static string OfKind(BackupKind kind) => $"catalog/by-kind/{Word(kind)}/";

    /// <summary>The record that data belongs to, in the order in which LIST shows the data.</summary>
    public static string OfData(BackupId id) => $"{CatalogKeys.BackupsByData}{id}/";

    /// <param name="shownStatus"><see cref="Backup.ShownStatus"/>.</param>
    public static string OfStatus(string shownStatus) => $"catalog/by-status/{shownStatus}/";

    public static string OfEngine(CacheEngine engine) => $"catalog/by-engine/{Word(engine)}/";

    /// <summary>Backups with that tag; with any value of it, in the order of the values' digests, where the value is null.</summary>
    public static string OfTag(string key, string? value) =>
        value is null ? $"{CatalogKeys.BackupsByTag}{Digest(key)}/" : $"{CatalogKeys.BackupsByTag}{Digest(key)}/{Digest(value)}/";

    /// <summary>The name and time that an index key stands for; null where it is not one.</summary>
    public static (BackupName Name, DateTimeOffset CreatedAt)? Parse(ObjectKey key)
    {
        if (DescendingTime.ParseEnd(key.Value) is not { } end)
        {
            return null;
        }

        try
        {
            int mark = end.Name.IndexOf(SizeMark, StringComparison.Ordinal);
            return (BackupName.FromCatalog(mark < 0 ? end.Name : end.Name[..mark]), end.Time);
        }
        catch (InvalidRequestException)
        {
            return null;
        }
    }

    /// <summary>The key is one that the document, as it stands now, has.</summary>
    public static bool Has(Backup backup, ObjectKey key) => KeysOf(backup).Contains(key);

    /// <summary>The bytes that a tag's key says; 0 where it says none.</summary>
    public static long SizeOf(ObjectKey key)
    {
        ReadOnlySpan<char> text = key.Value;
        int mark = text.LastIndexOf(SizeMark);
        return mark > 0 && long.TryParse(text[(mark + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : 0;
    }

    /// <summary>By which the keys of one tag's values are told apart.</summary>
    public static string TagValueDigestOf(ObjectKey key)
    {
        string[] parts = key.Value[CatalogKeys.BackupsByTag.Length..].Split('/', 3);
        return parts.Length == 3 ? parts[1] : string.Empty;
    }

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, TagDigestBytes));

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
