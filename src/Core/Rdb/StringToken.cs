using System.Buffers.Text;

namespace CacheBackup.Core.Rdb;

/// <summary>The head of a stored string.</summary>
internal readonly struct StringToken
{
    /// <summary>The longest text of a number that is stored as one.</summary>
    public const int MaxNumberBytes = 11;

    /// <summary>
    /// Three stored bytes repeat at most 264 bytes, so no compressed string expands further than this many times.
    /// </summary>
    private const long MaxExpansion = 88;

    private StringToken(StringForm form, long storedBytes, long length, int number)
    {
        Form = form;
        StoredBytes = storedBytes;
        Length = length;
        Value = number;
    }

    public StringForm Form { get; }

    /// <summary>How many bytes follow the head; 0 for a number, which is part of it.</summary>
    public long StoredBytes { get; }

    /// <summary>How long the string is as a client knows it. Not known (0) for a number until it is written out.</summary>
    public long Length { get; }

    public int Value { get; }

    public static StringToken Raw(long length) => new(StringForm.Raw, length, length, 0);

    public static StringToken Number(int number) => new(StringForm.Number, 0, 0, number);

    public static StringToken Compressed(long storedBytes, long length) => new(StringForm.Compressed, storedBytes, length, 0);

    /// <summary>The digits of a number, in <paramref name="buffer"/> of at least <see cref="MaxNumberBytes"/>.</summary>
    public ReadOnlySpan<byte> WriteNumber(Span<byte> buffer)
    {
        Utf8Formatter.TryFormat(Value, buffer, out int written);
        return buffer[..written];
    }

    /// <exception cref="RdbFormatException">The stored bytes cannot expand to the stated length.</exception>
    public void RequirePossible(long offsetBytes)
    {
        if (StoredBytes == 0 || Length == 0 || Length / MaxExpansion > StoredBytes)
        {
            throw new RdbFormatException(RdbError.BadCompression, offsetBytes, "A compressed string states a length that it cannot expand to");
        }
    }
}
