using System.Text.Json.Serialization.Metadata;

namespace CacheBackup.Functions.Api;

/// <summary>What a route answers when nothing is wrong.</summary>
/// <param name="Status">200, or 202 where a job was started.</param>
/// <param name="Type">The body's shape; null: a JSON object that is described elsewhere.</param>
public sealed record RouteAnswer(int Status, JsonTypeInfo? Type);
