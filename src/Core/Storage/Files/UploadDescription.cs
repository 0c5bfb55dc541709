using System.Globalization;

namespace CacheBackup.Core.Storage.Files;

/// <summary>What is written down of an upload when it begins. The secret lets a part's tag be recognised as this upload's own.</summary>
internal sealed record UploadDescription(ObjectKey Key, DateTimeOffset BegunAt, string Secret)
{
    public string ToText() =>
        string.Create(CultureInfo.InvariantCulture, $"{Key}\n{BegunAt.ToUnixTimeMilliseconds()}\n{Secret}\n");

    /// <exception cref="IOException">The file is not one of ours.</exception>
    public static UploadDescription Parse(string text, string path)
    {
        string[] lines = text.Split('\n');
        return lines.Length == 4
            && ObjectKey.TryParse(lines[0], out ObjectKey key)
            && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out long begunAt)
                ? new UploadDescription(key, DateTimeOffset.FromUnixTimeMilliseconds(begunAt), lines[2])
                : throw new IOException($"{path} does not describe an upload; remove the directory that it lies in.");
    }
}
