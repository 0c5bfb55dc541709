using System.Text.Json;

namespace CacheBackup.Infra.Tests.Policies;

/// <summary>One statement of a policy, with concrete ARNs.</summary>
/// <param name="Conditions">Operator, key, value.</param>
public sealed record Statement(
    bool Allows,
    IReadOnlyList<string> Actions,
    IReadOnlyList<string> Resources,
    IReadOnlyList<string> Principals,
    IReadOnlyList<(string Operator, string Key, string Value)> Conditions)
{
    public static Statement Read(JsonElement statement, Func<JsonElement, string> resolve)
    {
        if (statement.TryGetProperty("NotAction", out _) || statement.TryGetProperty("NotResource", out _) || statement.TryGetProperty("NotPrincipal", out _))
        {
            throw new InvalidOperationException($"A statement by exclusion says too much: {statement.GetRawText()}");
        }

        return new Statement(
            statement.GetProperty("Effect").GetString() == "Allow",
            Many(statement, "Action", resolve),
            Many(statement, "Resource", resolve),
            [.. PrincipalsOf(statement, resolve)],
            [.. ConditionsOf(statement, resolve)]);
    }

    /// <summary>True if the statement is about this action on this resource, in these circumstances.</summary>
    public bool Covers(string action, string resource, IReadOnlyDictionary<string, string> circumstances) =>
        Actions.Any(each => Wildcard.Matches(each, action, StringComparison.OrdinalIgnoreCase))
        && Resources.Any(each => Wildcard.Matches(each, resource, StringComparison.Ordinal))
        && Conditions.All(condition => Holds(condition, circumstances));

    private static bool Holds((string Operator, string Key, string Value) condition, IReadOnlyDictionary<string, string> circumstances)
    {
        circumstances.TryGetValue(condition.Key, out string? found);
        return condition.Operator switch
        {
            "StringEquals" => found == condition.Value,
            "StringLike" or "ArnLike" => found is not null && Wildcard.Matches(condition.Value, found, StringComparison.Ordinal),
            "Bool" => (found ?? "false") == condition.Value,
            "Null" => (found is null) == (condition.Value == "true"),
            "NumericLessThan" => found is not null && decimal.Parse(found, System.Globalization.CultureInfo.InvariantCulture)
                < decimal.Parse(condition.Value, System.Globalization.CultureInfo.InvariantCulture),
            _ => throw new InvalidOperationException($"The operator {condition.Operator} is not known to the evaluator: add it."),
        };
    }

    private static IReadOnlyList<string> Many(JsonElement statement, string member, Func<JsonElement, string> resolve) =>
        !statement.TryGetProperty(member, out JsonElement value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(resolve)]
        : [resolve(value)];

    private static IEnumerable<string> PrincipalsOf(JsonElement statement, Func<JsonElement, string> resolve)
    {
        if (!statement.TryGetProperty("Principal", out JsonElement principal))
        {
            return [];
        }

        return principal.ValueKind == JsonValueKind.String
            ? [principal.GetString()!]
            : principal.EnumerateObject().SelectMany(kind => kind.Value.ValueKind == JsonValueKind.Array
                ? kind.Value.EnumerateArray().Select(resolve)
                : [resolve(kind.Value)]);
    }

    private static IEnumerable<(string Operator, string Key, string Value)> ConditionsOf(JsonElement statement, Func<JsonElement, string> resolve) =>
        !statement.TryGetProperty("Condition", out JsonElement conditions)
            ? []
            : from each in conditions.EnumerateObject()
              from key in each.Value.EnumerateObject()
              select (each.Name, key.Name, resolve(key.Value));
}
