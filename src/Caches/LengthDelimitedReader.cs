using System.Buffers;

namespace CacheBackup.Caches;

/// <summary>A stretch of a known length, with the bytes that close it (the CRLF after a bulk) taken off the connection too.</summary>
/// <param name="connection">Where it comes from.</param>
/// <param name="lengthBytes">The length, closing bytes not included.</param>
/// <param name="closingBytes">How many bytes follow and are dropped.</param>
/// <param name="onWhole">Called once when everything has arrived.</param>
internal sealed class LengthDelimitedReader(RespConnection connection, long lengthBytes, int closingBytes, Action? onWhole = null)
    : ConnectionReader(connection)
{
    private long _remaining = lengthBytes;

    protected override Stretch Delimit(in ReadOnlySequence<byte> received, bool isEndOfStream)
    {
        long visible = Math.Min(received.Length, _remaining);
        bool isWhole = received.Length >= _remaining + closingBytes;
        return new Stretch(visible, isWhole, closingBytes);
    }

    protected override void OnConsumed(long bytes) => _remaining -= bytes;

    protected override void OnWhole() => onWhole?.Invoke();
}
