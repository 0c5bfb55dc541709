namespace CacheBackup.Core.Model;

/// <summary>ElastiCache's rules for names (user guide, "Taking manual backups").</summary>
internal static class NameRules
{
    private const int MaxLength = 40;

    /// <summary>The broken rule as a sentence, null where all hold.</summary>
    public static string? Check(string? text, string what) => text switch
    {
        null or "" => $"A {what} has 1 to {MaxLength} characters; this one is empty.",
        { Length: > MaxLength } => $"A {what} has 1 to {MaxLength} characters; this one has {text.Length}.",
        _ when !text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') => $"A {what} holds only letters, digits and hyphens.",
        _ when !char.IsAsciiLetter(text[0]) => $"A {what} starts with a letter.",
        _ when text.Contains("--", StringComparison.Ordinal) => $"A {what} has no two hyphens together.",
        _ when text[^1] == '-' => $"A {what} does not end with a hyphen.",
        _ => null,
    };
}
