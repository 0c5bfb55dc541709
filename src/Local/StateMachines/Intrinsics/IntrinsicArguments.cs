using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Intrinsics;

/// <summary>The evaluated arguments of one call, with reading that fails as the language says: <c>States.IntrinsicFailure</c>.</summary>
internal sealed record IntrinsicArguments(string Function, string Field, IReadOnlyList<JsonElement> Values, Func<Guid> NewUuid)
{
    public JsonElement this[int index] => Values[index];

    public string Text(int index) => Values[index].ValueKind == JsonValueKind.String
        ? Values[index].GetString()!
        : throw Wrong(index, "a string");

    public JsonElement Array(int index) => Values[index].ValueKind == JsonValueKind.Array ? Values[index] : throw Wrong(index, "an array");

    public JsonElement Object(int index) => Values[index].ValueKind == JsonValueKind.Object ? Values[index] : throw Wrong(index, "an object");

    public bool Boolean(int index) => Values[index].ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(index, "true or false"),
    };

    /// <summary>A 32-bit integer. Other numbers are rounded to the nearest one, halves upwards, as Step Functions documents and Java does.</summary>
    public int Integer(int index)
    {
        if (Values[index].ValueKind != JsonValueKind.Number || !Values[index].TryGetDouble(out double number))
        {
            throw Wrong(index, "a number");
        }

        double rounded = Math.Floor(number + 0.5);
        return rounded is >= int.MinValue and <= int.MaxValue ? (int)rounded : throw Wrong(index, "a number of 32 bits");
    }

    public StateFailedException Fail(string why) =>
        new(StatesErrors.IntrinsicFailure, $"The intrinsic {Function} in the field '{Field}' failed: {why}.");

    private StateFailedException Wrong(int index, string expected) =>
        Fail($"argument {index + 1} must be {expected} and is of kind {Values[index].ValueKind}");
}
