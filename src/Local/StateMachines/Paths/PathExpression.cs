using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>A path as it stands in a definition: into the data (<c>$.a</c>), into the context object (<c>$$.State.Name</c>), or null (an empty object).</summary>
internal sealed class PathExpression
{
    public static readonly PathExpression Root = new("$", null, JsonPath.Root, false);

    /// <summary><c>"InputPath": null</c> and <c>"OutputPath": null</c>.</summary>
    public static readonly PathExpression Nothing = new("null", null, JsonPath.Root, true);

    private readonly ContextField? _context;
    private readonly JsonPath _path;
    private readonly bool _isNothing;

    private PathExpression(string text, ContextField? context, JsonPath path, bool isNothing)
    {
        Text = text;
        _context = context;
        _path = path;
        _isNothing = isNothing;
    }

    public string Text { get; }

    public bool IsDefinite => _path.IsDefinite;

    public bool NeedsMapItem => _context is ContextField.MapItemIndex or ContextField.MapItemValue;

    /// <exception cref="PathSyntaxException">Not a path, or a part of the context object that is not offered.</exception>
    public static PathExpression Parse(string text)
    {
        if (!text.StartsWith("$$", StringComparison.Ordinal))
        {
            JsonPath path = JsonPath.Parse(text);
            return path.IsRoot ? Root : new PathExpression(text, null, path, false);
        }

        JsonPath inContext = JsonPath.Parse(text[1..]);
        foreach ((ContextField field, string[] members, bool hasMembers) in ContextFields)
        {
            if (StartsWith(inContext, members) && (hasMembers || inContext.Segments.Length == members.Length))
            {
                return new PathExpression(text, field, inContext.Without(members.Length), false);
            }
        }

        throw new PathSyntaxException($"'{text}' is not a part of the context object that is implemented here.");
    }

    public bool TrySelect(EvaluationScope scope, out JsonElement value)
    {
        if (_isNothing)
        {
            value = JsonBuild.EmptyObject;
            return true;
        }

        return _path.TrySelect(_context is { } field ? scope.Context(field) : scope.Data, out value);
    }

    /// <exception cref="StateFailedException">States.Runtime: the path selects nothing. The data is not quoted: it may hold what no log should.</exception>
    public JsonElement Select(EvaluationScope scope, string field) => TrySelect(scope, out JsonElement value)
        ? value
        : throw new StateFailedException(
            StatesErrors.Runtime,
            $"The JSONPath '{Text}' specified for the field '{field}' of state '{scope.StateName}' could not be found in the input.");

    private static readonly (ContextField Field, string[] Members, bool HasMembers)[] ContextFields =
    [
        (ContextField.ExecutionId, ["Execution", "Id"], false),
        (ContextField.ExecutionName, ["Execution", "Name"], false),
        (ContextField.ExecutionStartTime, ["Execution", "StartTime"], false),
        (ContextField.ExecutionInput, ["Execution", "Input"], true),
        (ContextField.StateName, ["State", "Name"], false),
        (ContextField.StateEnteredTime, ["State", "EnteredTime"], false),
        (ContextField.StateRetryCount, ["State", "RetryCount"], false),
        (ContextField.StateMachineId, ["StateMachine", "Id"], false),
        (ContextField.StateMachineName, ["StateMachine", "Name"], false),
        (ContextField.MapItemIndex, ["Map", "Item", "Index"], false),
        (ContextField.MapItemValue, ["Map", "Item", "Value"], true),
    ];

    private static bool StartsWith(JsonPath path, string[] members)
    {
        if (path.Segments.Length < members.Length)
        {
            return false;
        }

        for (int i = 0; i < members.Length; i++)
        {
            if (path.Segments[i].Property != members[i])
            {
                return false;
            }
        }

        return true;
    }
}
