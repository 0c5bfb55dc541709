using System.Text.Json;
using CacheBackup.Local.StateMachines.Intrinsics;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>Values of a state's own fields that are taken from the data: they must be of the right kind, else <c>States.Runtime</c>.</summary>
internal static class StateValues
{
    public static int Integer(PathExpression path, EvaluationScope scope, string field, int minimum, int maximum)
    {
        JsonElement value = path.Select(scope, field);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= minimum && number <= maximum
            ? number
            : throw Wrong(path.Text, scope, field, $"an integer from {minimum} to {maximum}");
    }

    public static DateTimeOffset Timestamp(PathExpression path, EvaluationScope scope, string field)
    {
        JsonElement value = path.Select(scope, field);
        return value.ValueKind == JsonValueKind.String && Timestamps.TryParse(value.GetString(), out DateTimeOffset time)
            ? time
            : throw Wrong(path.Text, scope, field, "a timestamp");
    }

    public static JsonElement Array(PathExpression path, EvaluationScope scope, string field)
    {
        JsonElement value = path.Select(scope, field);
        return value.ValueKind == JsonValueKind.Array ? value : throw Wrong(path.Text, scope, field, "an array");
    }

    public static string Text(Expression expression, EvaluationScope scope, string field)
    {
        JsonElement value = expression.Evaluate(scope, field);
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong("the expression", scope, field, "a string");
    }

    private static StateFailedException Wrong(string what, EvaluationScope scope, string field, string expected) => new(
        StatesErrors.Runtime, $"In the field '{field}' of the state '{scope.StateName}', {what} must yield {expected} and does not.");
}
