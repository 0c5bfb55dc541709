using System.Buffers.Text;

namespace CacheBackup.Core.Memcached;

/// <summary>
/// What stands before an item's value in a stream of items: the line <c>ms &lt;name&gt; &lt;length&gt; q F&lt;flags&gt; T&lt;expiry&gt;[
/// b]</c>. One item has exactly one such line, so a stream that was read and written again is the same byte for byte.
/// </summary>
/// <param name="LengthBytes">The value's length, 0–<see cref="MaxValueBytes"/>.</param>
/// <param name="Flags">The client's flags.</param>
/// <param name="ExpireAtSeconds">Absolute, since 1970 in UTC; 0: never.</param>
public readonly record struct ItemHead(int LengthBytes, uint Flags, long ExpireAtSeconds)
{
    /// <summary>The largest item that any server can be told to take (<c>-I 1024m</c>).</summary>
    public const int MaxValueBytes = 1 << 30;

    /// <summary>Anything up to here a server takes for a time from now on (30 days).</summary>
    public const long LastRelativeSeconds = 60 * 60 * 24 * 30;

    /// <summary>Later than any expiry that a server keeps, which has 32 bits.</summary>
    public const long MaxExpireAtSeconds = uint.MaxValue;

    /// <summary>The longest line, with its end.</summary>
    public const int MaxLineBytes = 3 + ItemKey.MaxBytes + 1 + 10 + 2 + 2 + 10 + 2 + 10 + 2 + 2;

    /// <summary>Writes the line with its end.</summary>
    /// <param name="name">As <see cref="ItemKey.TryName"/> has it.</param>
    /// <param name="line">At least <see cref="MaxLineBytes"/>.</param>
    /// <returns>The line's length.</returns>
    public int Write(ReadOnlySpan<byte> name, bool isEncoded, Span<byte> line)
    {
        "ms "u8.CopyTo(line);
        int at = 3;
        name.CopyTo(line[at..]);
        at += name.Length;
        line[at++] = (byte)' ';
        at += WriteNumber(LengthBytes, line[at..]);
        " q F"u8.CopyTo(line[at..]);
        at += 4;
        at += WriteNumber(Flags, line[at..]);
        " T"u8.CopyTo(line[at..]);
        at += 2;
        at += WriteNumber(ExpireAtSeconds, line[at..]);
        if (isEncoded)
        {
            " b"u8.CopyTo(line[at..]);
            at += 2;
        }

        "\r\n"u8.CopyTo(line[at..]);
        return at + 2;
    }

    /// <summary>Reads a line without its end.</summary>
    /// <param name="nameLength">The name stands right after <c>ms </c>.</param>
    /// <returns>False: it is not exactly what <see cref="Write"/> writes, or a number is outside its range.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, out ItemHead head, out int nameLength, out bool isEncoded)
    {
        head = default;
        isEncoded = false;
        nameLength = 0;
        if (!line.StartsWith("ms "u8))
        {
            return false;
        }

        nameLength = line[3..].IndexOf((byte)' ');
        if (nameLength is <= 0 or > ItemKey.MaxBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = line[(4 + nameLength)..];
        if (!TryTakeNumber(ref rest, MaxValueBytes, out long length)
            || !TryTake(ref rest, " q F"u8)
            || !TryTakeNumber(ref rest, uint.MaxValue, out long flags)
            || !TryTake(ref rest, " T"u8)
            || !TryTakeNumber(ref rest, MaxExpireAtSeconds, out long expiry)
            || expiry is > 0 and <= LastRelativeSeconds)
        {
            return false;
        }

        isEncoded = TryTake(ref rest, " b"u8);
        head = new ItemHead((int)length, (uint)flags, expiry);
        return rest.IsEmpty;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> text)
    {
        if (!rest.StartsWith(text))
        {
            return false;
        }

        rest = rest[text.Length..];
        return true;
    }

    /// <summary>Digits without a leading zero.</summary>
    private static bool TryTakeNumber(ref ReadOnlySpan<byte> rest, long max, out long number)
    {
        int digits = 0;
        number = 0;
        while (digits < rest.Length && digits < 11 && rest[digits] is >= (byte)'0' and <= (byte)'9')
        {
            number = (number * 10) + (rest[digits++] - '0');
        }

        bool isGood = digits > 0 && number <= max && (digits == 1 || rest[0] != '0');
        rest = rest[digits..];
        return isGood;
    }

    private static int WriteNumber(long number, Span<byte> destination) =>
        Utf8Formatter.TryFormat(number, destination, out int written)
            ? written
            : throw new ArgumentException("The line has no room for its numbers.", nameof(destination));
}
