using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Intrinsics;

/// <summary>The intrinsics on JSON values, numbers and ids.</summary>
internal static class JsonIntrinsics
{
    public static JsonElement FromText(IntrinsicArguments arguments)
    {
        try
        {
            return JsonElement.Parse(arguments.Text(0));
        }
        catch (JsonException)
        {
            // The parser's own message quotes the data.
            throw arguments.Fail("the string is not JSON");
        }
    }

    public static JsonElement ToText(IntrinsicArguments arguments) => JsonBuild.Text(JsonBuild.CompactText(arguments[0]));

    /// <summary>The members of both, the second's where both have one. Only the shallow merge exists, as in Step Functions.</summary>
    public static JsonElement Merge(IntrinsicArguments arguments)
    {
        (JsonElement first, JsonElement second) = (arguments.Object(0), arguments.Object(1));
        if (arguments.Boolean(2))
        {
            throw arguments.Fail("only the shallow merge exists: the third argument must be false");
        }

        return JsonBuild.From(writer =>
        {
            writer.WriteStartObject();
            foreach (JsonProperty member in first.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                (second.TryGetProperty(member.Name, out JsonElement winner) ? winner : member.Value).WriteTo(writer);
            }

            foreach (JsonProperty member in second.EnumerateObject().Where(member => !first.TryGetProperty(member.Name, out _)))
            {
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
    }

    public static JsonElement MathAdd(IntrinsicArguments arguments)
    {
        long sum = (long)arguments.Integer(0) + arguments.Integer(1);
        return sum is >= int.MinValue and <= int.MaxValue ? JsonBuild.Number(sum) : throw arguments.Fail("the sum needs more than 32 bits");
    }

    public static JsonElement Uuid(IntrinsicArguments arguments) => JsonBuild.Text(arguments.NewUuid().ToString("D"));
}
