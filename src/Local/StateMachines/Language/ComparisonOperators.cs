using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>The comparison operators of Choice, by name.</summary>
internal static class ComparisonOperators
{
    private const string PathSuffix = "Path";

    private static readonly Dictionary<string, Func<int, bool>> Orders = new(StringComparer.Ordinal)
    {
        ["Equals"] = static order => order == 0,
        ["LessThan"] = static order => order < 0,
        ["GreaterThan"] = static order => order > 0,
        ["LessThanEquals"] = static order => order <= 0,
        ["GreaterThanEquals"] = static order => order >= 0,
    };

    private static readonly Dictionary<string, Func<JsonElement, bool>> Kinds = new(StringComparer.Ordinal)
    {
        ["IsNull"] = static value => value.ValueKind == JsonValueKind.Null,
        ["IsString"] = static value => value.ValueKind == JsonValueKind.String,
        ["IsNumeric"] = static value => value.ValueKind == JsonValueKind.Number,
        ["IsBoolean"] = static value => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ["IsTimestamp"] = static value => TryTimestamp(value, out _),
    };

    private static readonly Dictionary<string, ComparisonOperator> ByName = All().ToDictionary(each => each.Name, StringComparer.Ordinal);

    public static bool TryGet(string name, out ComparisonOperator? found) => ByName.TryGetValue(name, out found);

    private static IEnumerable<ComparisonOperator> All()
    {
        foreach ((string name, Func<JsonElement, bool> isKind) in Kinds)
        {
            yield return new(name, false, IsBoolean, (value, expected) => isKind(value) == (expected.ValueKind == JsonValueKind.True));
        }

        yield return new("StringMatches", false, IsPattern, Matches);
        foreach (string suffix in (string[])["", PathSuffix])
        {
            bool isPath = suffix.Length > 0;
            yield return new("BooleanEquals" + suffix, isPath, IsBoolean, static (value, other) => IsBoolean(value) && value.ValueKind == other.ValueKind);
            foreach ((string name, Func<int, bool> holds) in Orders)
            {
                yield return new($"String{name}{suffix}", isPath, IsString, (value, other) =>
                    IsString(value) && IsString(other) && holds(string.CompareOrdinal(value.GetString(), other.GetString())));
                yield return new($"Numeric{name}{suffix}", isPath, IsNumber, (value, other) =>
                    IsNumber(value) && IsNumber(other) && holds(CompareNumbers(value, other)));
                yield return new($"Timestamp{name}{suffix}", isPath, static literal => TryTimestamp(literal, out _), (value, other) =>
                    TryTimestamp(value, out DateTimeOffset left) && TryTimestamp(other, out DateTimeOffset right) && holds(left.CompareTo(right)));
            }
        }
    }

    private static bool IsBoolean(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False;

    private static bool IsString(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool IsNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number;

    private static bool IsPattern(JsonElement value) => IsString(value) && StringPattern.IsValid(value.GetString()!);

    private static bool Matches(JsonElement value, JsonElement pattern) =>
        IsString(value) && StringPattern.IsMatch(value.GetString()!, pattern.GetString()!);

    private static bool TryTimestamp(JsonElement value, out DateTimeOffset time)
    {
        time = default;
        return IsString(value) && Timestamps.TryParse(value.GetString(), out time);
    }

    /// <summary>Exactly, where 28 digits are enough; as doubles beyond that.</summary>
    private static int CompareNumbers(JsonElement left, JsonElement right) =>
        left.TryGetDecimal(out decimal exactLeft) && right.TryGetDecimal(out decimal exactRight)
            ? exactLeft.CompareTo(exactRight)
            : left.GetDouble().CompareTo(right.GetDouble());
}
