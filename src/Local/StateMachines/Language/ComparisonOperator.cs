using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>One operator: its name, whether its right side is a path, what a fixed right side may be, and the comparison.</summary>
internal sealed record ComparisonOperator(
    string Name,
    bool IsPath,
    Func<JsonElement, bool> AcceptsLiteral,
    Func<JsonElement, JsonElement, bool> Compare);
