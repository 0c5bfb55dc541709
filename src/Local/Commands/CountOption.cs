using System.CommandLine;

namespace CacheBackup.Local.Commands;

/// <summary>Options that are a number of things.</summary>
internal static class CountOption
{
    /// <summary>What was given, or stands there of itself.</summary>
    /// <exception cref="BadUsageException">It is negative or above <paramref name="most"/>.</exception>
    public static int InRange(ParseResult parsed, Option<int> option, int most) =>
        parsed.GetValue(option) is >= 0 and var value && value <= most ? value : throw new BadUsageException($"{option.Name} is 0 to {most}.");
}
