using System.Globalization;
using System.Text.Json;
using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>A parameter that a route takes in its query; any other is refused. Each may be given once.</summary>
/// <param name="Name">As it stands in the query.</param>
/// <param name="Summary">For people: what it does, and what it means that it is left out.</param>
public sealed record QueryParameter(string Name, string Summary)
{
    /// <summary>Whole numbers from the first to the second; null: it is no number.</summary>
    public (int Least, int Most)? Range { get; init; }

    /// <summary>The words that it takes; null: any text of up to <see cref="QueryText.MaxValueLength"/> characters.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>A request without it is refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>How many items a page has at most.</summary>
    public static QueryParameter Limit(int most) =>
        new("limit", $"How many a page holds at most; {most} where it is left out.") { Range = (1, most) };

    /// <summary>Where a page goes on.</summary>
    public static QueryParameter Marker { get; } = new("marker", "The marker of the page before; the first page where it is left out.");

    public static QueryParameter OneOf(string name, string summary, IReadOnlyList<string> words) => new(name, summary) { Words = words };

    /// <summary>The words of an enum, as the API writes them.</summary>
    public static QueryParameter OneOf<TEnum>(string name, string summary)
        where TEnum : struct, Enum =>
        OneOf(name, summary, [.. Enum.GetNames<TEnum>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)]);

    /// <exception cref="InvalidRequestException">The value is not one that the parameter takes.</exception>
    public void Check(string value)
    {
        if (Range is { } range
            && !(int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= range.Least && number <= range.Most))
        {
            throw new InvalidRequestException($"The query parameter {Name} is a whole number from {range.Least} to {range.Most}.");
        }

        if (Words is { } words && !words.Contains(value, StringComparer.Ordinal))
        {
            throw new InvalidRequestException($"The query parameter {Name} is one of: {string.Join(", ", words)}.");
        }
    }
}
