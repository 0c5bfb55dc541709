using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>
/// Events and responses by a source-generated <see cref="JsonSerializerContext"/>, without reflection over the records.
/// The context is made with this serializer's own options: what <see cref="JsonSourceGenerationOptionsAttribute"/> says of names and nulls
/// does not hold here. Names are the members' own, read in any case, unless the customizer sets a naming policy; nulls are left out.
/// </summary>
/// <exception cref="JsonSerializerException">The JSON does not fit the type, or the context does not know it.</exception>
public class SourceGeneratorLambdaJsonSerializer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSGContext>
    : ILambdaSerializer
    where TSGContext : JsonSerializerContext
{
    private readonly TSGContext _context;
    private readonly JsonWriterOptions _writerOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public SourceGeneratorLambdaJsonSerializer()
        : this(null)
    {
    }

    /// <summary>A serializer whose options <paramref name="customizer"/> changes before the context is made with them.</summary>
    public SourceGeneratorLambdaJsonSerializer(Action<JsonSerializerOptions>? customizer)
    {
        SerializerOptions = new JsonSerializerOptions
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            PropertyNameCaseInsensitive = true,
            PropertyNamingPolicy = new AwsNamingPolicy(),
        };
        customizer?.Invoke(SerializerOptions);

        var constructor = typeof(TSGContext).GetConstructor([typeof(JsonSerializerOptions)])
            ?? throw new InvalidOperationException($"{typeof(TSGContext)} lacks the constructor that takes JsonSerializerOptions; let the source generator write it.");
        _context = (TSGContext)constructor.Invoke([SerializerOptions]);
    }

    protected JsonSerializerOptions SerializerOptions { get; }

    public T Deserialize<T>(Stream requestStream)
    {
        try
        {
            return JsonSerializer.Deserialize(requestStream, TypeInfo<T>())!;
        }
        catch (Exception exception) when (exception is not JsonSerializerException)
        {
            // Whatever a converter or a constructor threw: the caller sees one error name for an event that does not fit.
            throw new JsonSerializerException($"The event is not the JSON of a {typeof(T).Name}: {exception.Message}", exception);
        }
    }

    public void Serialize<T>(T response, Stream responseStream)
    {
        try
        {
            using var writer = new Utf8JsonWriter(responseStream, _writerOptions);
            JsonSerializer.Serialize(writer, response, TypeInfo<T>());
        }
        catch (Exception exception) when (exception is not JsonSerializerException)
        {
            throw new JsonSerializerException($"The response, a {typeof(T).Name}, cannot be written as JSON: {exception.Message}", exception);
        }
    }

    private JsonTypeInfo<T> TypeInfo<T>() => _context.GetTypeInfo(typeof(T)) as JsonTypeInfo<T>
        ?? throw new JsonSerializerException($"{typeof(TSGContext).Name} does not know {typeof(T)}; add [JsonSerializable(typeof({typeof(T).Name}))] to it.");
}
