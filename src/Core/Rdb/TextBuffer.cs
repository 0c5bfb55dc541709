using System.Buffers;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Collects a string whose stored bytes come in parts, and expands it. It grows as bytes arrive, never by a stated length alone, and lets a large
/// buffer go once it is no longer needed.
/// </summary>
internal sealed class TextBuffer
{
    private const int KeptBytes = 1 << 20;

    private ArrayBufferWriter<byte> _stored = new();
    private byte[] _expanded = new byte[64];

    public int StoredCount => _stored.WrittenCount;

    public ReadOnlySpan<byte> Stored => _stored.WrittenSpan;

    public void Clear()
    {
        if (_stored.Capacity > KeptBytes)
        {
            _stored = new ArrayBufferWriter<byte>();
        }

        _stored.ResetWrittenCount();
    }

    public void Add(ReadOnlySpan<byte> stored) => _stored.Write(stored);

    /// <summary>The string as a client knows it. Valid until the next call.</summary>
    /// <param name="token">The string's head; its lengths have been checked against the caller's limit.</param>
    /// <param name="stored">All of its stored bytes.</param>
    /// <param name="offsetBytes">Where the head stands.</param>
    public ReadOnlySpan<byte> Expand(in StringToken token, ReadOnlySpan<byte> stored, long offsetBytes)
    {
        switch (token.Form)
        {
            case StringForm.Raw:
                return stored;
            case StringForm.Number:
                return token.WriteNumber(_expanded);
            default:
                int length = (int)token.Length;
                if (_expanded.Length < length || (_expanded.Length > KeptBytes && length <= KeptBytes))
                {
                    _expanded = new byte[Math.Max(64, length)];
                }

                var expanded = _expanded.AsSpan(0, length);
                return Lzf.TryExpand(stored, expanded)
                    ? expanded
                    : throw new RdbFormatException(RdbError.BadCompression, offsetBytes, "A compressed string does not expand to its stated length");
        }
    }
}
