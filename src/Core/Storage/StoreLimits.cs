namespace CacheBackup.Core.Storage;

/// <summary>
/// What every store asks of its callers, so that what works on one works on all. The numbers are S3's; a violation is the caller's
/// mistake and throws <see cref="ArgumentException"/> before anything is sent or written.
/// </summary>
public static class StoreLimits
{
    /// <summary>The largest object that is written in one piece, in bytes; larger ones are uploaded in parts.</summary>
    public const int MaxPutBytes = 5 * 1024 * 1024;

    /// <summary>The least size of every part but the last, in bytes.</summary>
    public const int MinPartBytes = 5 * 1024 * 1024;

    /// <summary>Parts are numbered from 1 to this.</summary>
    public const int MaxPartNumber = 10_000;

    public static void CheckRange(ByteRange? range)
    {
        if (range is { } asked)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(asked.OffsetBytes, nameof(range));
            ArgumentOutOfRangeException.ThrowIfLessThan(asked.LengthBytes, 1, nameof(range));
        }
    }

    /// <summary>The bytes of an object of <paramref name="objectLengthBytes"/> that a checked range covers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range begins at or beyond the object's end.</exception>
    public static ByteRange Cut(ObjectKey key, ByteRange? range, long objectLengthBytes)
    {
        if (range is not { } asked)
        {
            return new ByteRange(0, objectLengthBytes);
        }

        if (asked.OffsetBytes >= objectLengthBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(range), asked.OffsetBytes, $"The range begins beyond '{key}', which has {objectLengthBytes} bytes.");
        }

        return asked with { LengthBytes = Math.Min(asked.LengthBytes, objectLengthBytes - asked.OffsetBytes) };
    }

    public static void CheckPut(ReadOnlyMemory<byte> content) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxPutBytes, nameof(content));

    public static void CheckPartNumber(int partNumber)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partNumber, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partNumber, MaxPartNumber);
    }

    /// <summary>Checks what an upload is to be completed with.</summary>
    /// <returns>The parts in the order of their numbers.</returns>
    public static IReadOnlyList<UploadedPart> CheckParts(IReadOnlyList<UploadedPart> parts, WriteCondition condition)
    {
        if (condition.MustMatch is not null)
        {
            throw new ArgumentException("An upload is completed without a condition or where no object is: no tag can be asked for.", nameof(condition));
        }

        if (parts.Count == 0)
        {
            throw new ArgumentException("An upload has at least one part; that of an empty object is empty.", nameof(parts));
        }

        UploadedPart[] ordered = [.. parts.OrderBy(part => part.Number)];
        for (int i = 0; i < ordered.Length; i++)
        {
            CheckPartNumber(ordered[i].Number);
            if (i > 0 && ordered[i].Number == ordered[i - 1].Number)
            {
                throw new ArgumentException($"Part {ordered[i].Number} is listed twice.", nameof(parts));
            }

            if (i < ordered.Length - 1 && ordered[i].LengthBytes < MinPartBytes)
            {
                throw new ArgumentException(
                    $"Part {ordered[i].Number} has {ordered[i].LengthBytes} bytes; all but the last need {MinPartBytes}.", nameof(parts));
            }
        }

        return ordered;
    }

    /// <summary>The content that a conditional delete is meant for.</summary>
    /// <exception cref="ArgumentException">The condition names none.</exception>
    public static ObjectTag CheckDelete(WriteCondition condition) => condition.MustMatch
        ?? throw new ArgumentException("An object is deleted on the condition that it has a certain content.", nameof(condition));
}
