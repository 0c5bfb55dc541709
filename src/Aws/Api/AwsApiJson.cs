using System.Text.Json.Serialization;

namespace CacheBackup.Aws.Api;

[JsonSerializable(typeof(JsonError))]
internal sealed partial class AwsApiJson : JsonSerializerContext;
