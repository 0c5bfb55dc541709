using System.Text.Json;
using CacheBackup.Local.StateMachines.Intrinsics;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>
/// Reads an object of a definition member by member and refuses, at the end, every member that nobody asked for: what the runner does
/// not implement cannot slip through.
/// </summary>
internal sealed class FieldReader
{
    private readonly string _machine;
    private readonly string? _state;
    private readonly string _place;
    private readonly JsonElement _object;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public FieldReader(string machine, string? state, string place, JsonElement value)
    {
        _machine = machine;
        _state = state;
        _place = place;
        _object = value;
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new UnsupportedDefinitionException(machine, state, place.Length == 0 ? "(all)" : place, "must be an object.");
        }
    }

    /// <summary>Whether <c>$$.Map.Item</c> exists here.</summary>
    public bool IsInsideMap { get; init; }

    public UnsupportedDefinitionException Refuse(string field, string reason) => new(_machine, _state, Place(field), reason);

    public JsonElement? Take(string field)
    {
        if (!_object.TryGetProperty(field, out JsonElement value))
        {
            return null;
        }

        _taken.Add(field);
        return value;
    }

    public JsonElement Require(string field) => Take(field) ?? throw Refuse(field, "is missing.");

    public bool Has(string field) => _object.TryGetProperty(field, out _);

    public IEnumerable<string> Names => _object.EnumerateObject().Select(member => member.Name);

    public string? Text(string field) => Take(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Refuse(field, "must be a string."),
    };

    public string RequireText(string field) => Text(field) ?? throw Refuse(field, "is missing.");

    public bool? Boolean(string field) => Take(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Refuse(field, "must be true or false."),
    };

    public int? Integer(string field, int minimum, int maximum) => Take(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out int number) && number >= minimum && number <= maximum => number,
        _ => throw Refuse(field, $"must be an integer from {minimum} to {maximum}."),
    };

    /// <summary><paramref name="absent"/> where it is not given; <see cref="PathExpression.Nothing"/> for null.</summary>
    public PathExpression NullablePath(string field, PathExpression absent) =>
        Take(field) is not { } value ? absent : value.ValueKind == JsonValueKind.Null ? PathExpression.Nothing : ParsePath(field, value);

    public PathExpression? Path(string field) => Take(field) is { } value ? ParsePath(field, value) : null;

    /// <summary>A path that selects one value: no wildcard.</summary>
    public PathExpression? SinglePath(string field)
    {
        PathExpression? path = Path(field);
        return path is not { IsDefinite: false } ? path : throw Refuse(field, "must select one value: a wildcard cannot stand here.");
    }

    /// <summary>Where a result goes: null discards it, the input's place where it is not given.</summary>
    public ReferencePath? ResultPath() => Take("ResultPath") switch
    {
        null => ReferencePath.Root,
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } value => Parse("ResultPath", () => ReferencePath.Parse(value.GetString()!)),
        _ => throw Refuse("ResultPath", "must be a path or null."),
    };

    public Expression? Expression(string field) => Text(field) is { } text
        ? CheckMapItem(field, Parse(field, () => Intrinsics.Expression.Parse(text)))
        : null;

    /// <param name="field">The member.</param>
    /// <param name="hasMapItem">True where <c>$$.Map.Item</c> exists though the state itself stands outside a Map.</param>
    public PayloadTemplate? Template(string field, bool hasMapItem = false)
    {
        if (Take(field) is not { } value)
        {
            return null;
        }

        PayloadTemplate template = Parse(field, () => PayloadTemplate.Parse(value, field));
        foreach (Expression expression in template.Expressions)
        {
            _ = hasMapItem ? expression : CheckMapItem(field, expression);
        }

        return template;
    }

    public FieldReader Inside(string field, JsonElement value) => new(_machine, _state, Place(field), value) { IsInsideMap = IsInsideMap };

    /// <summary>The elements of an array that must be there and hold something.</summary>
    public IReadOnlyList<JsonElement> Elements(string field) =>
        Require(field) is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0
            ? [.. array.EnumerateArray()]
            : throw Refuse(field, "must be an array with at least one element.");

    public void RefuseTheRest()
    {
        foreach (JsonProperty member in _object.EnumerateObject())
        {
            if (!_taken.Contains(member.Name) && member.Name != "Comment")
            {
                throw Refuse(member.Name, "is unknown here or not implemented by the local runner.");
            }
        }
    }

    private PathExpression ParsePath(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw Refuse(field, "must be a path.");
        }

        PathExpression path = Parse(field, () => PathExpression.Parse(value.GetString()!));
        return path.NeedsMapItem && !IsInsideMap ? throw Refuse(field, MapItemIsAbsent) : path;
    }

    private Expression CheckMapItem(string field, Expression expression) =>
        expression.NeedsMapItem && !IsInsideMap ? throw Refuse(field, MapItemIsAbsent) : expression;

    private T Parse<T>(string field, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (PathSyntaxException wrong)
        {
            throw Refuse(field, wrong.Message);
        }
    }

    private string Place(string field) => _place.Length == 0 ? field : $"{_place}.{field}";

    private const string MapItemIsAbsent = "reads '$$.Map.Item', which exists only inside a Map.";
}
