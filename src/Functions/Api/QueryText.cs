using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>A request's query: <c>name=value</c>, joined by <c>&amp;</c>, percent-encoded, a plus for a space.</summary>
internal static class QueryText
{
    public const int MaxLength = 4096;
    public const int MaxValueLength = 1024;

    /// <exception cref="InvalidRequestException">It is too long, not well encoded, or names a parameter twice.</exception>
    public static IReadOnlyDictionary<string, string> Parse(string query)
    {
        if (query.Length > MaxLength)
        {
            throw new InvalidRequestException($"The query has at most {MaxLength} characters; this one has {query.Length}.");
        }

        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = Decode(equals < 0 ? pair : pair[..equals]);
            if (!values.TryAdd(name, equals < 0 ? string.Empty : Decode(pair[(equals + 1)..])))
            {
                throw new InvalidRequestException($"The query parameter {Shown(name)} is given twice. Give it once.");
            }
        }

        return values;
    }

    /// <exception cref="InvalidRequestException">The route does not take a parameter, or not that value, or lacks one that it needs.</exception>
    public static void Check(IReadOnlyDictionary<string, string> values, Route route)
    {
        foreach ((string name, string value) in values)
        {
            QueryParameter? parameter = route.Query.FirstOrDefault(p => p.Name == name);
            if (parameter is null)
            {
                throw new InvalidRequestException(
                    $"{route} does not take the query parameter {Shown(name)}."
                    + (route.Query.Count == 0 ? " It takes none." : $" It takes: {string.Join(", ", route.Query.Select(p => p.Name))}."));
            }

            if (value.Length > MaxValueLength)
            {
                throw new InvalidRequestException($"The query parameter {name} has at most {MaxValueLength} characters; this one has {value.Length}.");
            }

            parameter.Check(value);
        }

        if (route.Query.FirstOrDefault(p => p.IsRequired && !values.ContainsKey(p.Name)) is { } missing)
        {
            throw new InvalidRequestException($"{route} needs the query parameter {missing.Name}. {missing.Summary}");
        }
    }

    private static string Decode(string text) => PercentText.Decode(text.Replace('+', ' '), "query");

    // A name that we do not know may be anything, and is shown only if it looks like one.
    private static string Shown(string name) =>
        name.Length is > 0 and <= 40 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? name : "with that name";
}
