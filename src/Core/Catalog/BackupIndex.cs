using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>
/// The keys by which backups are found: <c>catalog/by-&lt;what&gt;/&lt;value&gt;/&lt;time, newest first&gt;/&lt;name&gt;</c>. Tags
/// stand there as digests, since a key may hold any character.
/// </summary>
public static class BackupIndex
{
    private const int TagDigestBytes = 10;

    /// <summary>Every index key of a backup.</summary>
    public static IEnumerable<ObjectKey> KeysOf(Backup backup)
    {
        List<string> lists = [CatalogKeys.BackupsByTime, OfCache(backup.Cache), OfKind(backup.Kind), OfStatus(backup.ShownStatus)];
        if (backup.Origin is { } origin)
        {
            lists.Add(OfEngine(origin.Engine));
        }

        lists.AddRange((backup.Tags ?? []).Select(tag => OfTag(tag.Key, tag.Value)));
        string end = $"{DescendingTime.Of(backup.CreatedAt)}/{backup.Name}";
        return lists.Select(list => new ObjectKey(list + end));
    }

    public static string OfCache(CacheName cache) => $"catalog/by-cache/{cache}/";

    public static string OfKind(BackupKind kind) => $"catalog/by-kind/{Word(kind)}/";

    /// <param name="shownStatus"><see cref="Backup.ShownStatus"/>.</param>
    public static string OfStatus(string shownStatus) => $"catalog/by-status/{shownStatus}/";

    public static string OfEngine(CacheEngine engine) => $"catalog/by-engine/{Word(engine)}/";

    /// <summary>Backups with that tag; with any value of it, in the order of the values' digests, where the value is null.</summary>
    public static string OfTag(string key, string? value) =>
        value is null ? $"{CatalogKeys.BackupsByTag}{Digest(key)}/" : $"{CatalogKeys.BackupsByTag}{Digest(key)}/{Digest(value)}/";

    /// <summary>The name and time that an index key stands for; null where it is not one.</summary>
    public static (BackupName Name, DateTimeOffset CreatedAt)? Parse(ObjectKey key)
    {
        ReadOnlySpan<char> text = key.Value;
        int slash = text.LastIndexOf('/');
        if (slash < DescendingTime.Length || DescendingTime.Parse(text[(slash - DescendingTime.Length)..slash]) is not { } createdAt)
        {
            return null;
        }

        try
        {
            return (BackupName.FromCatalog(text[(slash + 1)..].ToString()), createdAt);
        }
        catch (InvalidRequestException)
        {
            return null;
        }
    }

    /// <summary>The key is one that the document, as it stands now, has.</summary>
    public static bool Has(Backup backup, ObjectKey key) => KeysOf(backup).Contains(key);

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, TagDigestBytes));

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
