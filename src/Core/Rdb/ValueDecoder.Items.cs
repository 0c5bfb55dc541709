using System.Buffers.Binary;

namespace CacheBackup.Core.Rdb;

/// <content>Elements of strings, lists, sets, hashes and sorted sets that stand one by one.</content>
public sealed partial class ValueDecoder
{
    /// <summary>The last instant that a server of the Redis family can keep for a field: 48 bits of milliseconds.</summary>
    private const ulong MaxFieldExpiry = (1UL << 48) - 1;
    private const long NoExpiry = -1;
    private const ulong PlainNode = 1;
    private const ulong PackedNode = 2;

    private readonly DuplicateFinder _seen;
    private readonly ElementRole[] _roles = new ElementRole[3];

    private RdbMagic _magic;
    private bool _isBlob;
    private long _elements;
    private ulong _firstExpiry;
    private long _fieldExpiry;

    private static bool IsUnique(ElementRole role) => role is ElementRole.SetMember or ElementRole.SortedSetMember or ElementRole.HashField;

    private static RdbFormatException Duplicate(long offsetBytes) =>
        new(RdbError.DuplicateElement, offsetBytes, "A member or field occurs twice");

    private void BeginItems(RdbMagic magic)
    {
        _magic = magic;
        _elements = 0;
        _firstExpiry = 0;
        _fieldExpiry = NoExpiry;
        _seen.Clear();
        _isBlob = false;
        switch (_type)
        {
            case RdbType.String:
                _roles[0] = ElementRole.StringValue;
                break;
            case RdbType.List:
                _roles[0] = ElementRole.ListElement;
                break;
            case RdbType.ListQuicklist2:
                // Whether a node is plain or packed is told before each.
                _roles[1] = ElementRole.ListElement;
                break;
            case RdbType.Set:
                _roles[0] = ElementRole.SetMember;
                break;
            case RdbType.SortedSet or RdbType.SortedSet2:
                _roles[0] = ElementRole.SortedSetMember;
                break;
            case RdbType.Hash or RdbType.HashWithFieldExpiry when _type == RdbType.Hash || magic == RdbMagic.Valkey:
                _roles[0] = ElementRole.HashField;
                _roles[1] = ElementRole.HashValue;
                break;
            case RdbType.HashWithFieldExpiry or RdbType.HashMetadata:
                _roles[1] = ElementRole.HashField;
                _roles[2] = ElementRole.HashValue;
                break;
            default:
                _isBlob = true;
                break;
        }
    }

    private void EmitText(ElementRole role, ReadOnlySpan<byte> text, long offsetBytes)
    {
        if (IsUnique(role) && !_seen.TryAdd(text))
        {
            throw Duplicate(offsetBytes);
        }

        _handler.OnText(role, text);
        AfterElement(role);
    }

    private void AfterElement(ElementRole role)
    {
        _elements++;
        if (role == ElementRole.HashValue && _fieldExpiry != NoExpiry)
        {
            _handler.OnFieldExpiry(_fieldExpiry);
            _fieldExpiry = NoExpiry;
        }
    }

    private void OnNumber(ulong number, long offsetBytes)
    {
        switch (_walk.Step)
        {
            case ValueStep.Item when _type == RdbType.ListQuicklist2:
                _isBlob = number == PackedNode;
                if (number is not (PlainNode or PackedNode))
                {
                    throw new RdbFormatException(RdbError.BadQuicklist, offsetBytes, "A quicklist's node is neither plain nor packed");
                }

                break;
            case ValueStep.Item:
                _fieldExpiry = FieldExpiry(number, offsetBytes);
                break;
            case >= ValueStep.StreamNodeCount:
                _stream.OnNumber(_walk.Step, number, offsetBytes);
                break;
        }
    }

    /// <summary>A field's stored expiry: 0 for none, else absolute, or from the hash's earliest on, which is 1.</summary>
    private long FieldExpiry(ulong stored, long offsetBytes)
    {
        if (stored == 0)
        {
            return NoExpiry;
        }

        ulong expiry = _type == RdbType.HashMetadata ? stored + _firstExpiry - 1 : stored;
        return stored <= MaxFieldExpiry && expiry <= MaxFieldExpiry ? (long)expiry : throw BadFieldExpiry(offsetBytes);
    }

    private static RdbFormatException BadFieldExpiry(long offsetBytes) =>
        new(RdbError.BadFieldExpiry, offsetBytes, "A field's expiry is outside what a server keeps, or out of order");

    private void OnFixed(ReadOnlySpan<byte> bytes, long offsetBytes)
    {
        switch (_walk.Step)
        {
            case ValueStep.Head:
                _firstExpiry = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                if (_firstExpiry > MaxFieldExpiry + 1)
                {
                    throw BadFieldExpiry(offsetBytes);
                }

                break;
            case ValueStep.Item when _type == RdbType.SortedSet2:
                EmitScore(BinaryPrimitives.ReadDoubleLittleEndian(bytes), offsetBytes);
                break;
            case ValueStep.Item when _type == RdbType.SortedSet:
                EmitScore(ReadTextScore(bytes), offsetBytes);
                break;
            case ValueStep.Item:
                EmitFieldExpiry(BinaryPrimitives.ReadInt64LittleEndian(bytes), offsetBytes);
                break;
            case >= ValueStep.StreamNodeCount:
                _stream.OnFixed(_walk.Step, bytes, offsetBytes);
                break;
        }
    }

    private void EmitScore(double score, long offsetBytes)
    {
        if (double.IsNaN(score))
        {
            throw new RdbFormatException(RdbError.BadScore, offsetBytes, "A score is not a number");
        }

        _handler.OnScore(score);
    }

    private static double ReadTextScore(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        253 => double.NaN,
        254 => double.PositiveInfinity,
        255 => double.NegativeInfinity,
        _ => Score.TryParse(bytes[1..], out double score) ? score : double.NaN,
    };

    /// <summary>As Valkey stores it: absolute, −1 for none.</summary>
    private void EmitFieldExpiry(long expiry, long offsetBytes)
    {
        if (expiry < NoExpiry)
        {
            throw BadFieldExpiry(offsetBytes);
        }

        if (expiry != NoExpiry)
        {
            _handler.OnFieldExpiry(expiry);
        }
    }
}
