using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CacheBackup.Fixtures.OpenApi;

/// <summary>
/// Holds a JSON value against a schema: the words of JSON Schema that our description uses, and an error for any other, so that none is
/// overlooked. Members that a schema does not list are violations, whether it is closed or not.
/// </summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private readonly List<string> _violations = [];

    /// <summary>What is wrong, each with the path of the value.</summary>
    public IReadOnlyList<string> Violations => _violations;

    public void Check(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            Check(Resolve(reference.GetString()!), value, path);
            return;
        }

        foreach (JsonProperty word in schema.EnumerateObject())
        {
            CheckWord(word, schema, value, path);
        }
    }

    private void CheckWord(JsonProperty word, JsonElement schema, JsonElement value, string path)
    {
        switch (word.Name)
        {
            case "type":
                Require(IsOfType(value, word.Value.GetString()!), $"{path} is no {word.Value}: {value.ValueKind}");
                break;
            case "properties":
                CheckMembers(schema, value, path);
                break;
            case "required":
                foreach (JsonElement name in word.Value.EnumerateArray())
                {
                    Require(value.TryGetProperty(name.GetString()!, out _), $"{path} lacks {name}");
                }

                break;
            case "items":
                int index = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Check(word.Value, item, $"{path}[{index++}]");
                }

                break;
            case "enum":
                Require(word.Value.EnumerateArray().Any(known => JsonElement.DeepEquals(known, value)), $"{path} is none of its words: {value}");
                break;
            case "additionalProperties":
                CheckOthers(word.Value, schema, value, path);
                break;
            case "format":
                Require(HasFormat(value.GetString()!, word.Value.GetString()!), $"{path} is no {word.Value}: {value}");
                break;
            case "pattern":
                Require(Regex.IsMatch(value.GetString()!, word.Value.GetString()!), $"{path} does not match {word.Value}");
                break;
            case "description":
                break;
            default:
                throw new NotSupportedException($"The check does not know the word {word.Name} of JSON Schema, at {path}.");
        }
    }

    private void CheckMembers(JsonElement schema, JsonElement value, string path)
    {
        JsonElement members = schema.GetProperty("properties");
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (members.TryGetProperty(member.Name, out JsonElement described))
            {
                Check(described, member.Value, $"{path}.{member.Name}");
            }
            else
            {
                _violations.Add($"{path} has a member that is not described: {member.Name}");
            }
        }
    }

    private void CheckOthers(JsonElement others, JsonElement schema, JsonElement value, string path)
    {
        if (others.ValueKind == JsonValueKind.Object && !schema.TryGetProperty("properties", out _))
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                Check(others, member.Value, $"{path}.{member.Name}");
            }
        }
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => throw new NotSupportedException($"There is no JSON type {type}."),
    };

    private static bool HasFormat(string text, string format) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) && text.Contains('T', StringComparison.Ordinal),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => throw new NotSupportedException($"The check does not know the format {format}."),
    };

    private JsonElement Resolve(string reference)
    {
        JsonElement found = document;
        foreach (string part in reference.Split('/')[1..])
        {
            found = found.GetProperty(part);
        }

        return found;
    }

    private void Require(bool holds, string violation)
    {
        if (!holds)
        {
            _violations.Add(violation);
        }
    }
}
