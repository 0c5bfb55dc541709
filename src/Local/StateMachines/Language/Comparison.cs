using System.Text.Json;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>
/// A comparison operator with its right side: fixed (<see cref="Literal"/>) or a path (<see cref="Other"/>). Values of different kinds
/// never compare; the answer is no, not an error.
/// </summary>
internal sealed record Comparison(string Operator, Func<JsonElement, JsonElement, bool> Compare, JsonElement Literal, PathExpression? Other)
{
    public bool Holds(JsonElement value, EvaluationScope scope) =>
        Compare(value, Other is null ? Literal : Other.Select(scope, Operator));
}
