using System.Text.Json.Serialization;

namespace CacheBackup.Aws.Secrets;

/// <summary>The service writes its members with capitals, people write a secret's without.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, MaxDepth = 8)]
[JsonSerializable(typeof(SecretValueRequest))]
[JsonSerializable(typeof(SecretValueReply))]
[JsonSerializable(typeof(SecretDocument))]
internal sealed partial class SecretsJson : JsonSerializerContext;
