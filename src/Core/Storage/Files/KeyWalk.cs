namespace CacheBackup.Core.Storage.Files;

/// <summary>The keys under a root in ordinal order; reads only the directories that can hold what was asked for.</summary>
internal static class KeyWalk
{
    public static IEnumerable<ObjectKey> Keys(string root, string prefix, string? startAfter)
    {
        string directory = prefix[..(prefix.LastIndexOf('/') + 1)];
        if (directory.Length > 0 && !ObjectKey.TryParse(directory[..^1], out _))
        {
            // No key can start like this.
            yield break;
        }

        var ahead = new Stack<Entry>();
        Push(directory);
        while (ahead.TryPop(out Entry entry))
        {
            if (entry.IsDirectory)
            {
                Push(entry.Text);
            }
            else if (ObjectKey.TryParse(entry.Text, out ObjectKey key))
            {
                yield return key;
            }
        }

        void Push(string keyPrefix)
        {
            List<Entry> entries = [.. Read(root, keyPrefix).Where(entry => IsAsked(entry, prefix, startAfter))];
            // The stack yields its top first.
            entries.Sort((one, other) => string.CompareOrdinal(other.Text, one.Text));
            entries.ForEach(ahead.Push);
        }
    }

    private static List<Entry> Read(string root, string keyPrefix)
    {
        var entries = new List<Entry>();
        try
        {
            foreach (FileSystemInfo found in new DirectoryInfo(KeyPaths.DirectoryOf(root, keyPrefix)).EnumerateFileSystemInfos())
            {
                if (found is not DirectoryInfo)
                {
                    entries.Add(new Entry(keyPrefix + found.Name, IsDirectory: false));
                }
                else if (KeyPaths.SegmentOf(found.Name) is { } segment)
                {
                    entries.Add(new Entry(keyPrefix + segment + "/", IsDirectory: true));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Never written, or pruned since its name was read.
        }

        return entries;
    }

    /// <summary>Whether the entry is, or the directory can hold, a key that was asked for. All of a directory's keys start with its text.</summary>
    private static bool IsAsked(Entry entry, string prefix, string? startAfter)
    {
        bool hasPrefix = entry.Text.StartsWith(prefix, StringComparison.Ordinal)
            || (entry.IsDirectory && prefix.StartsWith(entry.Text, StringComparison.Ordinal));
        bool isAfter = startAfter is null
            || string.CompareOrdinal(entry.Text, startAfter) > 0
            || (entry.IsDirectory && startAfter.StartsWith(entry.Text, StringComparison.Ordinal));
        return hasPrefix && isAfter;
    }

    private readonly record struct Entry(string Text, bool IsDirectory);
}
