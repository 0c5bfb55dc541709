namespace CacheBackup.Core.Rdb;

/// <content>Elements that stand packed in one string.</content>
public sealed partial class ValueDecoder
{
    private void DecodeBlob(ReadOnlySpan<byte> blob, long offsetBytes)
    {
        switch (_type)
        {
            case RdbType.SetIntset:
                DecodeIntset(new IntsetReader(blob, offsetBytes), offsetBytes);
                break;
            case RdbType.HashZipmap:
                DecodeZipmap(new ZipmapReader(blob, offsetBytes), offsetBytes);
                break;
            case RdbType.ListZiplist or RdbType.ListQuicklist:
                DecodeElements(new ZiplistReader(blob, offsetBytes), ElementRole.ListElement, offsetBytes);
                break;
            case RdbType.ListQuicklist2:
                DecodeElements(new ListpackReader(blob, offsetBytes), ElementRole.ListElement, offsetBytes);
                break;
            case RdbType.SetListpack:
                DecodeElements(new ListpackReader(blob, offsetBytes), ElementRole.SetMember, offsetBytes);
                break;
            case RdbType.SortedSetZiplist:
                DecodeSortedSet(new ZiplistReader(blob, offsetBytes), RdbError.BadZiplist, offsetBytes);
                break;
            case RdbType.SortedSetListpack:
                DecodeSortedSet(new ListpackReader(blob, offsetBytes), RdbError.BadListpack, offsetBytes);
                break;
            case RdbType.HashZiplist:
                DecodeHash(new ZiplistReader(blob, offsetBytes), RdbError.BadZiplist, hasExpiry: false, offsetBytes);
                break;
            case RdbType.HashListpack:
                DecodeHash(new ListpackReader(blob, offsetBytes), RdbError.BadListpack, hasExpiry: false, offsetBytes);
                break;
            default:
                DecodeHash(new ListpackReader(blob, offsetBytes), RdbError.BadListpack, hasExpiry: true, offsetBytes);
                break;
        }
    }

    private void DecodeIntset(IntsetReader reader, long offsetBytes)
    {
        Span<byte> digits = stackalloc byte[EncodedEntry.MaxNumberBytes];
        while (reader.TryRead(out long number))
        {
            // They ascend, so none occurs twice.
            _handler.OnText(ElementRole.SetMember, new EncodedEntry(number).AsText(digits));
            _elements++;
        }

        RequireElements(offsetBytes);
    }

    private void DecodeZipmap(ZipmapReader reader, long offsetBytes)
    {
        while (reader.TryRead(out var field, out var value))
        {
            EmitText(ElementRole.HashField, field, offsetBytes);
            EmitText(ElementRole.HashValue, value, offsetBytes);
        }

        RequireElements(offsetBytes);
    }

    private void DecodeElements<TReader>(TReader reader, ElementRole role, long offsetBytes)
        where TReader : struct, IEncodedReader, allows ref struct
    {
        Span<byte> digits = stackalloc byte[EncodedEntry.MaxNumberBytes];
        while (reader.TryRead(out var entry))
        {
            EmitText(role, entry.AsText(digits), offsetBytes);
        }
    }

    private void DecodeSortedSet<TReader>(TReader reader, RdbError error, long offsetBytes)
        where TReader : struct, IEncodedReader, allows ref struct
    {
        Span<byte> digits = stackalloc byte[EncodedEntry.MaxNumberBytes];
        while (reader.TryRead(out var member))
        {
            EmitText(ElementRole.SortedSetMember, member.AsText(digits), offsetBytes);
            if (!reader.TryRead(out var stored))
            {
                throw Odd(error, offsetBytes);
            }

            EmitScore(stored.TryGetScore(out double score) ? score : double.NaN, offsetBytes);
        }
    }

    private void DecodeHash<TReader>(TReader reader, RdbError error, bool hasExpiry, long offsetBytes)
        where TReader : struct, IEncodedReader, allows ref struct
    {
        Span<byte> digits = stackalloc byte[EncodedEntry.MaxNumberBytes];
        ulong previousExpiry = 1;
        while (reader.TryRead(out var field))
        {
            EmitText(ElementRole.HashField, field.AsText(digits), offsetBytes);
            if (!reader.TryRead(out var value))
            {
                throw Odd(error, offsetBytes);
            }

            EmitText(ElementRole.HashValue, value.AsText(digits), offsetBytes);
            if (hasExpiry)
            {
                previousExpiry = EmitPackedExpiry(ref reader, error, previousExpiry, offsetBytes);
            }
        }
    }

    /// <summary>Fields with an expiry come first, the earliest first; 0 is none.</summary>
    private ulong EmitPackedExpiry<TReader>(ref TReader reader, RdbError error, ulong previous, long offsetBytes)
        where TReader : struct, IEncodedReader, allows ref struct
    {
        if (!reader.TryRead(out var stored))
        {
            throw Odd(error, offsetBytes);
        }

        bool isInOrder = stored.TryGetNumber(out long expiry)
            && expiry >= 0
            && (ulong)expiry <= MaxFieldExpiry
            && (expiry == 0 || (previous != 0 && (ulong)expiry >= previous));
        if (!isInOrder)
        {
            throw BadFieldExpiry(offsetBytes);
        }

        if (expiry != 0)
        {
            _handler.OnFieldExpiry(expiry);
        }

        return (ulong)expiry;
    }

    private static RdbFormatException Odd(RdbError error, long offsetBytes) =>
        new(error, offsetBytes, "A list of pairs ends inside of one");

    private void RequireElements(long offsetBytes)
    {
        if (_elements == 0)
        {
            throw new RdbFormatException(RdbError.EmptyValue, offsetBytes, "A collection has no element");
        }
    }
}
