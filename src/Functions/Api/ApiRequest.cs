using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>A request that a route was found for.</summary>
/// <param name="Path">The values of the route's placeholders, decoded.</param>
/// <param name="Query">Query parameters; a name given twice holds the last value.</param>
/// <param name="Body">The body's bytes, at most <see cref="Router.MaxBodyBytes"/>.</param>
public sealed record ApiRequest(
    IReadOnlyDictionary<string, string> Path, IReadOnlyDictionary<string, string> Query, ReadOnlyMemory<byte> Body)
{
    /// <exception cref="InvalidRequestException">The body is not JSON of that shape.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body.Span, type) ?? throw new InvalidRequestException("The request needs a JSON body.");
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException($"The body is not what this route takes: {Describe(e)}", e);
        }
    }

    /// <summary>A whole number from the query.</summary>
    /// <exception cref="InvalidRequestException">It is not one, or outside its range.</exception>
    public int QueryNumber(string name, int missing, int least, int most)
    {
        if (!Query.TryGetValue(name, out string? text))
        {
            return missing;
        }

        return int.TryParse(text, out int number) && number >= least && number <= most
            ? number
            : throw new InvalidRequestException($"The query parameter {name} is a whole number from {least} to {most}.");
    }

    /// <summary>One of an enum's words, as the catalog writes them; null where the parameter is not given.</summary>
    /// <exception cref="InvalidRequestException">It is none of them.</exception>
    public TEnum? QueryWord<TEnum>(string name)
        where TEnum : struct, Enum
    {
        if (!Query.TryGetValue(name, out string? text))
        {
            return null;
        }

        foreach (TEnum value in Enum.GetValues<TEnum>())
        {
            if (Word(value) == text)
            {
                return value;
            }
        }

        throw new InvalidRequestException($"The query parameter {name} is one of {string.Join(", ", Enum.GetValues<TEnum>().Select(Word))}.");
    }

    private static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    // The serializer's own message may quote the value, which may be a secret that was put into the wrong place.
    private static string Describe(JsonException e) => e.InnerException is InvalidRequestException inner
        ? $"{e.Path}: {inner.Message}"
        : $"at {e.Path ?? "$"}, line {(e.LineNumber ?? 0) + 1}. See docs/api.md for its members.";
}
