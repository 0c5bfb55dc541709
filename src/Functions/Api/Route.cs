using System.Text.Json.Serialization.Metadata;
using CacheBackup.Core.Model;

namespace CacheBackup.Functions.Api;

/// <summary>One route, with all that its users must know of it: the API's description is made from this.</summary>
/// <param name="Method">In capitals. HEAD is answered for every GET.</param>
/// <param name="Template">Segments after the first slash; <c>{name}</c> stands for any one segment.</param>
public sealed record Route(string Method, string Template, Func<ApiRequest, CancellationToken, Task<ApiResponse>> HandleAsync)
{
    /// <summary>A name in a path: longer ones than any that exists are refused before they are decoded further.</summary>
    public const int MaxNameLength = 256;

    /// <summary>A sentence or two for people. Every route has one.</summary>
    public string? Summary { get; init; }

    /// <summary>What its query may hold. Anything else is refused.</summary>
    public IReadOnlyList<QueryParameter> Query { get; init; } = [];

    /// <summary>The shape of the body that it takes; null: it takes none.</summary>
    public JsonTypeInfo? Body { get; init; }

    /// <summary>Every route has one.</summary>
    public RouteAnswer? Answer { get; init; }

    /// <summary>Problems of its own; those that any route may have need not be named.</summary>
    public IReadOnlyList<ProblemKind> Problems { get; init; } = [];

    /// <summary>Whether the path is of this route's form.</summary>
    /// <param name="path">The segments as they were sent.</param>
    public bool Matches(IReadOnlyList<string> path)
    {
        string[] segments = Template.Split('/');
        if (path.Count != segments.Length)
        {
            return false;
        }

        for (int i = 0; i < segments.Length; i++)
        {
            if (IsPlaceholder(segments[i]) ? path[i].Length == 0 : !string.Equals(segments[i], path[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The placeholders' values, decoded, of a path that matches.</summary>
    /// <exception cref="InvalidRequestException">One is too long or not well encoded.</exception>
    public IReadOnlyDictionary<string, string> ValuesIn(IReadOnlyList<string> path)
    {
        string[] segments = Template.Split('/');
        Dictionary<string, string> values = [];
        for (int i = 0; i < segments.Length; i++)
        {
            if (IsPlaceholder(segments[i]))
            {
                string value = PercentText.Decode(path[i], "path");
                values[segments[i][1..^1]] = value.Length <= MaxNameLength
                    ? value
                    : throw new InvalidRequestException($"A name in a path has at most {MaxNameLength} characters; this one has {value.Length}.");
            }
        }

        return values;
    }

    public override string ToString() => $"{Method} /{Template}";

    private static bool IsPlaceholder(string segment) => segment.StartsWith('{');
}
