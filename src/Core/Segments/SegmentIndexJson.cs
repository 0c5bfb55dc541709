using System.Text.Json;
using System.Text.Json.Serialization;

namespace CacheBackup.Core.Segments;

/// <summary>How the stored form is read and written: every field named, none unknown, none missing.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(IndexedSoFarDocument))]
[JsonSerializable(typeof(SegmentIndexDocument))]
internal sealed partial class SegmentIndexJson : JsonSerializerContext;
