namespace CacheBackup.Core.Storage.Files;

/// <summary>
/// Where the object of a key lies. The last segment is the file's name as it is, so that <c>shard-0.rdb</c> can be used with any tool;
/// the segments before it are directories whose names end with <c>~</c>, which no key contains. So <c>a</c> and <c>a/b</c> are a file
/// <c>a</c> and a file <c>b</c> in the directory <c>a~</c>, no key can name anything outside the root (segments are never <c>..</c>),
/// and nothing of the store's own (<see cref="HiddenDirectory"/>) can be named by a key.
/// </summary>
internal static class KeyPaths
{
    public const string HiddenDirectory = "~store";
    private const char DirectoryMark = '~';

    public static string FileOf(string root, ObjectKey key)
    {
        string[] segments = key.Value.Split('/');
        string[] names = [root, .. segments[..^1].Select(segment => segment + DirectoryMark), segments[^1]];
        return Path.Combine(names);
    }

    /// <summary>The directory of the keys that start with <paramref name="keyPrefix"/>, which is empty or ends with a slash.</summary>
    public static string DirectoryOf(string root, string keyPrefix) =>
        Path.Combine([root, .. keyPrefix.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(segment => segment + DirectoryMark)]);

    /// <summary>The segment that a directory's name stands for, or null where it is no directory of keys.</summary>
    public static string? SegmentOf(string directoryName) =>
        directoryName.EndsWith(DirectoryMark) && directoryName != HiddenDirectory ? directoryName[..^1] : null;
}
