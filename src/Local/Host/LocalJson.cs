using System.Text.Json;
using System.Text.Json.Serialization;

namespace CacheBackup.Local.Host;

/// <summary>JSON that the host hands on as it is.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class LocalJson : JsonSerializerContext;
