using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>
/// The part of JSONPath that means the same to every interpreter: members (<c>.a</c>, <c>['a']</c>), elements (<c>[0]</c>,
/// <c>[-1]</c>) and wildcards (<c>[*]</c>, <c>.*</c>). Slices, unions, filters and deep scans are refused.
/// </summary>
/// <remarks>
/// A path without wildcard selects exactly one value or fails. A path with one yields an array, in which elements that lack the rest of
/// the path are left out; its part before the first wildcard must exist.
/// </remarks>
internal sealed class JsonPath
{
    public static readonly JsonPath Root = new("$", []);

    private readonly PathSegment[] _segments;

    private JsonPath(string text, PathSegment[] segments)
    {
        Text = text;
        _segments = segments;
        IsDefinite = !segments.Any(segment => segment.IsWildcard);
    }

    public string Text { get; }

    public bool IsDefinite { get; }

    public bool IsRoot => _segments.Length == 0;

    public ReadOnlySpan<PathSegment> Segments => _segments;

    /// <exception cref="PathSyntaxException">The text is not a path of the part that we implement.</exception>
    public static JsonPath Parse(string text)
    {
        if (!text.StartsWith('$'))
        {
            throw new PathSyntaxException($"'{text}' is not a path: it must start with '$'.");
        }

        var segments = new JsonPathReader(text).Read();
        return segments.Count == 0 ? Root : new JsonPath(text, [.. segments]);
    }

    public JsonPath Without(int segments) => new(Text, _segments[segments..]);

    public bool TrySelect(JsonElement root, out JsonElement value)
    {
        value = root;
        for (int i = 0; i < _segments.Length; i++)
        {
            if (_segments[i].IsWildcard)
            {
                List<JsonElement> found = [];
                Collect(value, i, found);
                value = JsonBuild.Array(found);
                return true;
            }

            if (!TryStep(value, _segments[i], out value))
            {
                return false;
            }
        }

        return true;
    }

    private void Collect(JsonElement value, int at, List<JsonElement> found)
    {
        if (at == _segments.Length)
        {
            found.Add(value);
        }
        else if (!_segments[at].IsWildcard)
        {
            if (TryStep(value, _segments[at], out JsonElement child))
            {
                Collect(child, at + 1, found);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
            {
                Collect(item, at + 1, found);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                Collect(member.Value, at + 1, found);
            }
        }
    }

    private static bool TryStep(JsonElement value, PathSegment segment, out JsonElement child)
    {
        child = default;
        if (segment.Property is not null)
        {
            return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(segment.Property, out child);
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        int length = value.GetArrayLength();
        int index = segment.Index < 0 ? length + segment.Index : segment.Index;
        if (index < 0 || index >= length)
        {
            return false;
        }

        child = value[index];
        return true;
    }
}
