using System.Text;
using System.Text.Json;

namespace CacheBackup.AmazonLambda.Tests;

/// <summary>What a function sent for an invocation: kind <c>response</c>, <c>error</c> or <c>init error</c>.</summary>
public sealed record RuntimeResult(string Kind, string? ContentType, string? ErrorTypeHeader, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}
