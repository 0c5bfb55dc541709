using System.Buffers;
using System.Buffers.Binary;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Writes a collection's elements as the plain type of its family, which every server has read since DUMP exists: list 1, set 2, hash 4,
/// sorted set 5. Field expiries have no place there. Memory: the value written, up to a limit.
/// </summary>
internal sealed class OlderValue : ElementHandler
{
    private readonly int _mostBytes;
    private readonly ArrayBufferWriter<byte> _elements = new();
    private readonly ArrayBufferWriter<byte> _value = new();
    private long _count;
    private long _lengthBytes;

    /// <param name="mostBytes">A value that becomes longer than this is not written.</param>
    public OlderValue(int mostBytes) => _mostBytes = mostBytes;

    /// <summary>Writes a value anew. False: it would be longer than the limit.</summary>
    /// <param name="value">What was written; valid until the next call.</param>
    /// <exception cref="RdbFormatException">The value is damaged.</exception>
    public bool TryWrite(RdbVersion version, RdbType type, ReadOnlySpan<byte> stored, out ReadOnlyMemory<byte> value)
    {
        const int SliceBytes = 8 * 1024;
        Begin();
        var decoder = new ValueDecoder(this, new ValueDecoderOptions { DuplicateCheckElements = 0 });
        decoder.Begin(version, type);
        for (int position = 0; position < stored.Length && !IsTooLong; position += SliceBytes)
        {
            // Compressed, a little may become much: the limit is looked at in between.
            decoder.Write(stored.Slice(position, Math.Min(SliceBytes, stored.Length - position)));
        }

        value = default;
        if (IsTooLong)
        {
            return false;
        }

        decoder.Complete();
        WriteLength(_value, _count);
        _value.Write(_elements.WrittenSpan);
        value = _value.WrittenMemory;
        return true;
    }

    public override void OnText(ElementRole role, ReadOnlySpan<byte> text)
    {
        OnTextStart(role, text.Length);
        OnTextPart(text);
    }

    public override void OnTextStart(ElementRole role, long lengthBytes)
    {
        _count += role == ElementRole.HashValue ? 0 : 1;
        _lengthBytes += lengthBytes;
        WriteLength(_elements, lengthBytes);
    }

    public override void OnTextPart(ReadOnlySpan<byte> part)
    {
        if (!IsTooLong)
        {
            _elements.Write(part);
        }
    }

    public override void OnScore(double score)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_elements.GetSpan(sizeof(double)), score);
        _elements.Advance(sizeof(double));
    }

    private bool IsTooLong => Math.Max(_lengthBytes, _elements.WrittenCount) > _mostBytes;

    private void Begin()
    {
        _elements.ResetWrittenCount();
        _value.ResetWrittenCount();
        _count = 0;
        _lengthBytes = 0;
    }

    private static void WriteLength(ArrayBufferWriter<byte> output, long length) =>
        output.Advance(RdbLength.Write(output.GetSpan(RdbLength.MaxBytes), (ulong)length));
}
