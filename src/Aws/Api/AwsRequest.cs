namespace CacheBackup.Aws.Api;

/// <summary>One call, before it is signed.</summary>
/// <param name="Action">The operation's name.</param>
/// <param name="ContentType">The body's type.</param>
/// <param name="Target">For <c>X-Amz-Target</c>; null: the body says the action.</param>
internal sealed record AwsRequest(string Action, string ContentType, string? Target, ReadOnlyMemory<byte> Body);
