using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace CacheBackup.Functions.Tests.Api.OpenApi;

/// <summary>Writes JSON schemas from the very metadata that the API reads and writes by: they cannot drift from it.</summary>
internal sealed class SchemaWriter(MemberDocs docs)
{
    private readonly SortedDictionary<string, JsonObject> _components = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Type> _names = [];

    /// <summary>The schemas that were referred to.</summary>
    public IReadOnlyDictionary<string, JsonObject> Components => _components;

    /// <summary>A reference to an object's schema, or the schema itself of anything simpler.</summary>
    /// <param name="isClosed">Members that it does not list are refused.</param>
    public JsonObject Of(JsonTypeInfo type, bool isClosed = false)
    {
        JsonTypeInfo plain = Nullable.GetUnderlyingType(type.Type) is { } inner ? type.Options.GetTypeInfo(inner) : type;
        switch (plain.Kind)
        {
            case JsonTypeInfoKind.Object:
                return new JsonObject { ["$ref"] = $"#/components/schemas/{Add(plain, isClosed)}" };
            case JsonTypeInfoKind.Enumerable:
                return new JsonObject { ["type"] = "array", ["items"] = Of(plain.Options.GetTypeInfo(plain.ElementType!)) };
            case JsonTypeInfoKind.Dictionary:
                return new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(plain.Options.GetTypeInfo(plain.ElementType!)) };
            default:
                return Simple(plain);
        }
    }

    private static JsonObject Simple(JsonTypeInfo type)
    {
        // What has a converter of ours is an identity, which is written as its text.
        JsonNode schema = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        if (schema is not JsonObject { Count: > 0 } known)
        {
            return new JsonObject { ["type"] = "string" };
        }

        // Names the .NET type that the text comes from, which is nobody's business.
        known.Remove("$comment");
        if (known["enum"] is not null)
        {
            known.Insert(0, "type", "string");
        }

        return known;
    }

    private string Add(JsonTypeInfo type, bool isClosed)
    {
        string name = type.Type.Name;
        if (!_names.TryAdd(name, type.Type))
        {
            return _names[name] == type.Type ? name : throw new InvalidOperationException($"Two types of the API are called {name}.");
        }

        JsonObject properties = [];
        JsonArray required = [];
        JsonObject schema = new() { ["type"] = "object" };
        _components[name] = schema;
        if (docs.Of(type.Type) is { } summary)
        {
            schema["description"] = summary;
        }

        foreach (JsonPropertyInfo member in type.Properties.Where(m => m.Get is not null && !m.IsExtensionData))
        {
            JsonObject described = Of(member.Options.GetTypeInfo(member.PropertyType));
            if (member.AttributeProvider is PropertyInfo property && docs.Of(property) is { } text)
            {
                described["description"] = text;
            }

            properties[member.Name] = described;
            if (member.IsRequired)
            {
                required.Add(member.Name);
            }
        }

        schema["properties"] = properties;
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        if (isClosed)
        {
            schema["additionalProperties"] = false;
        }

        return name;
    }
}
