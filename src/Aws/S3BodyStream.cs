using Amazon.Runtime;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws;

/// <summary>An object's body: also limits the wait for each read, which the SDK leaves unlimited once the headers are there.</summary>
internal sealed class S3BodyStream(Stream inner, long lengthBytes, ObjectKey key, TimeSpan readTimeout)
    : ExactLengthStream(inner, lengthBytes, key)
{
    protected override async ValueTask<int> ReadInnerAsync(Stream source, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(readTimeout);
        try
        {
            return await source.ReadAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException stalled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"No byte came for {readTimeout.TotalSeconds} s.", stalled);
        }
    }

    // The SDK compares its checksum when it sees the end, or else when it is closed, which is too late.
    protected override async ValueTask FinishAsync(Stream source, CancellationToken cancellationToken) =>
        ThrowIfMore(await ReadInnerAsync(source, new byte[1], cancellationToken));

    protected override void Finish(Stream source) => ThrowIfMore(source.ReadByte() + 1);

    // The SDK's own checksum of a body fails with AmazonClientException.
    protected override bool IsBrokenOff(Exception failure) =>
        failure is IOException or HttpRequestException or AmazonClientException || base.IsBrokenOff(failure);

    private static void ThrowIfMore(int count)
    {
        if (count > 0)
        {
            throw new IOException("More bytes came than were promised.");
        }
    }
}
