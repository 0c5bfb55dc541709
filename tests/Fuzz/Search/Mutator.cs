using System.Buffers.Binary;
using System.Text;

namespace CacheBackup.Fuzz.Search;

/// <summary>
/// Changes inputs in the ways in which damage and malice do: bits, bytes, numbers, pieces left out, doubled, put in, taken from elsewhere.
/// </summary>
internal sealed class Mutator(Random random)
{
    private const int LongestInput = 4096;

    /// <summary>Bytes that mean something in one of the formats: ends of ranges, marks, opcodes, encodings. 0xff is one of them.</summary>
    private static readonly byte[] Telling =
    [
        0, 1, 2, 3, 5, 9, 10, 13, 18, 21, 22, 25, 31, 32, 0x24, 0x2a, 0x2b, 0x2d, 0x3a, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xbf, 0xc0, 0xc3, 0xd0,
        0xe0, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf8, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
    ];

    private static readonly long[] TellingNumbers =
    [
        -1, 0, 1, 16, 63, 64, 127, 128, 252, 253, 254, 255, 256, 4095, 4096, 8191, 8192, 16383, 16384, 32767, 65535, 65536, 73_728, 1 << 24,
        int.MaxValue, uint.MaxValue, 1L << 48, long.MaxValue, long.MinValue, 1L << 62,
    ];

    private static readonly byte[][] Words =
    [
        .. ((string[])
        [
            "\r\n", "$-1\r\n", "*1\r\n", "*-1\r\n", ":1\r\n", "null", "\"header\"", "\"large\"", "\"entries\"", "-1", "[]", "{}", "nan", "inf",
        ]).Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>A changed copy of one input, with pieces of another.</summary>
    public byte[] Change(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        for (int times = 1 << random.Next(4); times > 0; times--)
        {
            ChangeOnce(bytes, other);
        }

        return bytes.Count <= LongestInput ? [.. bytes] : [.. bytes.Take(LongestInput)];
    }

    private void ChangeOnce(List<byte> bytes, byte[] other)
    {
        if (bytes.Count == 0)
        {
            bytes.Add(Pick(Telling));
            return;
        }

        int at = random.Next(bytes.Count);
        switch (random.Next(13))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = Pick(Telling);
                break;
            case 2:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3:
                bytes[at] += (byte)(random.Next(1, 36) * (random.Next(2) == 0 ? 1 : -1));
                break;
            case 4:
                Overwrite(bytes, at, NumberBytes());
                break;
            case 5:
                bytes.InsertRange(at, random.Next(2) == 0 ? [Pick(Telling)] : NumberBytes());
                break;
            case 6:
                bytes.RemoveRange(at, random.Next(1, Math.Min(bytes.Count - at, 33) + 1));
                break;
            case 7:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, random.Next(1, Math.Min(bytes.Count - at, 65) + 1)));
                break;
            case 8:
                Overwrite(bytes, at, Piece(other));
                break;
            case 9:
                bytes.InsertRange(at, Piece(other));
                break;
            case 10:
                bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                break;
            case 11:
                ReplaceDigits(bytes, at);
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    /// <summary>Another number in place of the next one that stands as text.</summary>
    private void ReplaceDigits(List<byte> bytes, int at)
    {
        int mark = bytes.FindIndex(at, b => b is (byte)':' or (byte)'$' or (byte)'*');
        int from = mark + 1;
        if (mark >= 0 && from < bytes.Count && char.IsAsciiDigit((char)bytes[from]))
        {
            int end = bytes.FindIndex(from, b => !char.IsAsciiDigit((char)b));
            bytes.RemoveRange(from, (end < 0 ? bytes.Count : end) - from);
            long number = random.Next(3) == 0 ? long.MaxValue : TellingNumbers[random.Next(TellingNumbers.Length)];
            bytes.InsertRange(from, Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    private byte Pick(byte[] from) => from[random.Next(from.Length)];

    private byte[] NumberBytes()
    {
        byte[] bytes = new byte[8];
        long number = TellingNumbers[random.Next(TellingNumbers.Length)];
        int width = 1 << random.Next(1, 4);
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            return bytes[..width];
        }

        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes[(8 - width)..];
    }

    private byte[] Piece(byte[] of)
    {
        if (of.Length == 0)
        {
            return [];
        }

        int from = random.Next(of.Length);
        return of[from..(from + random.Next(1, Math.Min(of.Length - from, 65) + 1))];
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] with)
    {
        for (int i = 0; i < with.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = with[i];
        }
    }
}
