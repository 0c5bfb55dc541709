using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Journals;

/// <summary>Small JSON files that were written whole.</summary>
internal static class JsonFile
{
    // An output of the largest payload, with room for its names.
    private const int MaximumBytes = 2 * PayloadLimit.Bytes;

    /// <exception cref="InvalidDataException">The file is not what was written.</exception>
    public static JsonElement Read(string path)
    {
        using FileStream file = DurableFiles.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length is 0 or > MaximumBytes)
        {
            throw Unreadable(path);
        }

        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        try
        {
            return JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            // The parser's own message may quote the data.
            throw Unreadable(path);
        }
    }

    public static InvalidDataException Unreadable(string path) => new($"the file '{Path.GetFileName(path)}' is damaged");
}
