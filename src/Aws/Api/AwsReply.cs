using System.Net;

namespace CacheBackup.Aws.Api;

/// <summary>One answer, read whole.</summary>
/// <param name="ErrorType">The header <c>x-amzn-ErrorType</c>; null where it is missing.</param>
internal sealed record AwsReply(HttpStatusCode Status, string? RequestId, string? ErrorType, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}
