namespace CacheBackup.AmazonLambda.Tests;

/// <summary>An event that the Runtime API hands out, and the headers beside its request id.</summary>
public sealed record RuntimeInvocation(string RequestId, byte[] Payload)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
