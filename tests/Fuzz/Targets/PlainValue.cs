using System.Buffers;
using System.Buffers.Binary;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Fuzz.Targets;

/// <summary>Writes what a decoder tells in the plainest encoding that there is for its kind: elements one by one, each as it is.</summary>
internal sealed class PlainValue : ElementHandler
{
    private const long NoExpiry = -1;

    private readonly ArrayBufferWriter<byte> _elements = new();
    private readonly ArrayBufferWriter<byte> _text = new();
    private RdbType? _type;
    private ElementRole _role;
    private long _count;
    private bool _needsExpiry;

    /// <summary>Null for streams and modules, which have no plainer form.</summary>
    public (RdbType Type, byte[] Value)? Complete()
    {
        if (_type is not { } type)
        {
            return null;
        }

        EndField();
        byte[] head = type == RdbType.String ? [] : Number(_count);
        return (type, [.. head, .. _elements.WrittenSpan]);
    }

    public override void OnText(ElementRole role, ReadOnlySpan<byte> text)
    {
        RdbType? type = role switch
        {
            ElementRole.StringValue => RdbType.String,
            ElementRole.ListElement => RdbType.List,
            ElementRole.SetMember => RdbType.Set,
            ElementRole.SortedSetMember => RdbType.SortedSet2,
            ElementRole.HashField or ElementRole.HashValue => RdbType.HashWithFieldExpiry,
            _ => null,
        };
        _type = type;
        if (type is null)
        {
            return;
        }

        if (role == ElementRole.HashField)
        {
            EndField();
        }

        _count += role == ElementRole.HashValue ? 0 : 1;
        _needsExpiry = role == ElementRole.HashValue;
        _elements.Write(Number(text.Length));
        _elements.Write(text);
    }

    public override void OnTextStart(ElementRole role, long lengthBytes)
    {
        _role = role;
        _text.ResetWrittenCount();
    }

    public override void OnTextPart(ReadOnlySpan<byte> part) => _text.Write(part);

    public override void OnTextEnd() => OnText(_role, _text.WrittenSpan);

    public override void OnScore(double score)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_elements.GetSpan(sizeof(double)), score);
        _elements.Advance(sizeof(double));
    }

    public override void OnFieldExpiry(long expireAtMilliseconds)
    {
        _needsExpiry = false;
        WriteEight(expireAtMilliseconds);
    }

    private static byte[] Number(long number)
    {
        byte[] bytes = new byte[9];
        bytes[0] = 0x81;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), number);
        return bytes;
    }

    private void EndField()
    {
        if (_needsExpiry)
        {
            WriteEight(NoExpiry);
            _needsExpiry = false;
        }
    }

    private void WriteEight(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_elements.GetSpan(sizeof(long)), number);
        _elements.Advance(sizeof(long));
    }
}
