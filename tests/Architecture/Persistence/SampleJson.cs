using System.Text.Json.Serialization;

namespace CacheBackup.Architecture.Tests.Persistence;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SampleDocument))]
[JsonSerializable(typeof(List<SamplePart>))]
internal sealed partial class SampleJson : JsonSerializerContext;
