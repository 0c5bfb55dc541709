using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Intrinsics;

/// <summary>The intrinsics on arrays.</summary>
internal static class ArrayIntrinsics
{
    // Step Functions' documented bound on States.ArrayRange.
    private const int MaximumRange = 1_000;

    public static JsonElement Array(IntrinsicArguments arguments) => JsonBuild.Array(arguments.Values);

    public static JsonElement Length(IntrinsicArguments arguments) => JsonBuild.Number(arguments.Array(0).GetArrayLength());

    public static JsonElement GetItem(IntrinsicArguments arguments)
    {
        JsonElement array = arguments.Array(0);
        int index = arguments.Integer(1);
        return index >= 0 && index < array.GetArrayLength()
            ? array[index]
            : throw arguments.Fail($"index {index} is outside the array of {array.GetArrayLength()} items");
    }

    public static JsonElement Contains(IntrinsicArguments arguments) => JsonBuild.Boolean(
        arguments.Array(0).EnumerateArray().Any(item => JsonElement.DeepEquals(item, arguments[1])));

    public static JsonElement Unique(IntrinsicArguments arguments)
    {
        List<JsonElement> kept = [];
        foreach (JsonElement item in arguments.Array(0).EnumerateArray())
        {
            if (!kept.Exists(earlier => JsonElement.DeepEquals(earlier, item)))
            {
                kept.Add(item);
            }
        }

        return JsonBuild.Array(kept);
    }

    public static JsonElement Partition(IntrinsicArguments arguments)
    {
        JsonElement array = arguments.Array(0);
        int size = arguments.Integer(1);
        return size > 0
            ? JsonBuild.Array(array.EnumerateArray().Chunk(size).Select(JsonBuild.Array))
            : throw arguments.Fail($"the size of a part must be positive and is {size}");
    }

    public static JsonElement Range(IntrinsicArguments arguments)
    {
        (int first, int last, int step) = (arguments.Integer(0), arguments.Integer(1), arguments.Integer(2));
        if (step == 0)
        {
            throw arguments.Fail("the step must not be 0");
        }

        // A step that leads away from the end yields nothing.
        long distance = (long)last - first;
        long count = distance == 0 || (distance > 0) == (step > 0) ? (distance / step) + 1 : 0;
        if (count > MaximumRange)
        {
            throw arguments.Fail($"the range has {count} items and may have {MaximumRange}");
        }

        return JsonBuild.From(writer =>
        {
            writer.WriteStartArray();
            for (long i = 0; i < count; i++)
            {
                writer.WriteNumberValue(first + (i * step));
            }

            writer.WriteEndArray();
        });
    }
}
