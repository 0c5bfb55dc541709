namespace CacheBackup.Core.Rdb;

/// <summary>
/// Holds a token that the end of a chunk has cut. It is completed byte by byte, so that it takes exactly its own bytes of the next chunk and not one
/// of what follows.
/// </summary>
internal sealed class CutToken
{
    /// <summary>The longest token is a score as text, of one byte and up to 252.</summary>
    private readonly byte[] _bytes = new byte[256];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Count);

    /// <summary>A window over the token with one more byte.</summary>
    public ByteWindow Extend(byte next, long endOffsetBytes)
    {
        _bytes[Count++] = next;
        return new ByteWindow(Bytes, endOffsetBytes - Count);
    }

    /// <summary>To be called after a window of <see cref="Extend"/> was read: it was taken whole, or is still cut.</summary>
    public void Settle(in ByteWindow window)
    {
        if (window.Position > 0)
        {
            Count = 0;
        }
    }

    /// <summary>Keeps what a chunk's window has left.</summary>
    public void Keep(in ByteWindow window)
    {
        var rest = window.Bytes[window.Position..];
        rest.CopyTo(_bytes);
        Count = rest.Length;
    }

    public void Clear() => Count = 0;
}
