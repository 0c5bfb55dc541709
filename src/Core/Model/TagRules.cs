namespace CacheBackup.Core.Model;

/// <summary>
/// ElastiCache's rules for tags (user guide, "Tagging your resources"): at most 50, keys of 1–128 and values of 0–256 characters
/// (letters, digits, spaces and <c>+ - = . _ : / @</c>), no key twice, none that begins with <c>aws:</c>, nor with <c>cache-backup:</c>. Case matters.
/// </summary>
public static class TagRules
{
    public const int MaxTags = 50;
    public const int MaxKeyLength = 128;
    public const int MaxValueLength = 256;
    private const string Reserved = "aws:";
    private const string Ours = "cache-backup:";
    private const string Signs = "+-=._:/@";

    /// <summary>The tags themselves, where they keep all rules.</summary>
    /// <exception cref="InvalidRequestException">A rule is broken; the message names it, and the tag by its place.</exception>
    public static IReadOnlyList<Tag> Check(IReadOnlyList<Tag> tags)
    {
        if (tags.Count > MaxTags)
        {
            throw new InvalidRequestException($"There are at most {MaxTags} tags; these are {tags.Count}.");
        }

        HashSet<string> keys = [];
        for (int i = 0; i < tags.Count; i++)
        {
            // Readers of JSON let a null through where a tag is asked for.
            if ((BrokenBy(tags[i]?.Key, tags[i]?.Value) ?? (keys.Add(tags[i].Key) ? null : "its key stands there twice")) is { } broken)
            {
                throw new InvalidRequestException($"Tag {i + 1} is refused: {broken}.");
            }
        }

        return tags;
    }

    private static string? BrokenBy(string? key, string? value) => (key, value) switch
    {
        (null or "", _) or ({ Length: > MaxKeyLength }, _) => $"a key has 1 to {MaxKeyLength} characters",
        (_, null) or (_, { Length: > MaxValueLength }) => $"a value has 0 to {MaxValueLength} characters",
        _ when key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase) => $"keys that begin with {Reserved} are AWS's own",
        _ when key.StartsWith(Ours, StringComparison.OrdinalIgnoreCase) => $"keys that begin with {Ours} are this service's own",
        _ when !key.All(IsAllowed) || !value.All(IsAllowed) => $"keys and values hold letters, digits, spaces and {Signs}",
        _ => null,
    };

    private static bool IsAllowed(char c) => char.IsLetterOrDigit(c) || c == ' ' || Signs.Contains(c, StringComparison.Ordinal);
}
