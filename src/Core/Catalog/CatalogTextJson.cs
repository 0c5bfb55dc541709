using System.Text.Json;
using System.Text.Json.Serialization;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Catalog;

/// <summary>Writes an identity as its text.</summary>
public sealed class CatalogTextJson<T> : JsonConverter<T>
    where T : struct, ICatalogText<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} is a text, not null.");
        try
        {
            return T.FromCatalog(text);
        }
        catch (InvalidRequestException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
