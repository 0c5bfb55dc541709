using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>Writes the packed encodings by hand, so that tests can say what a server would have written and change it.</summary>
public static class Packed
{
    /// <summary>A listpack; items that are numbers are stored as such, like a server does.</summary>
    public static byte[] Listpack(params object[] items)
    {
        var entries = new List<byte>();
        foreach (object item in items)
        {
            byte[] entry = item is long or int ? ListpackNumber(Convert.ToInt64(item, CultureInfo.InvariantCulture)) : ListpackText(Bytes(item));
            entries.AddRange(entry);
            entries.AddRange(BackLength(entry.Length));
        }

        byte[] bytes = [0, 0, 0, 0, 0, 0, .. entries, 0xff];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), (ushort)items.Length);
        return bytes;
    }

    public static byte[] Ziplist(params object[] items)
    {
        var entries = new List<byte>();
        int previous = 0;
        int last = 10;
        foreach (object item in items)
        {
            last = 10 + entries.Count;
            byte[] head = previous < 254 ? [(byte)previous] : [254, .. LittleEndian(previous, 4)];
            byte[] entry = [.. head, .. item is long or int ? ZiplistNumber(Convert.ToInt64(item, CultureInfo.InvariantCulture)) : ZiplistText(Bytes(item))];
            entries.AddRange(entry);
            previous = entry.Length;
        }

        byte[] bytes = [.. new byte[10], .. entries, 0xff];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (uint)last);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)items.Length);
        return bytes;
    }

    public static byte[] Zipmap(params string[] items)
    {
        var bytes = new List<byte> { (byte)(items.Length / 2) };
        for (int i = 0; i < items.Length; i++)
        {
            byte[] text = Bytes(items[i]);
            bytes.AddRange(text.Length < 254 ? [(byte)text.Length] : [254, .. LittleEndian(text.Length, 4)]);
            if (i % 2 == 1)
            {
                // Two bytes are left free after every value.
                bytes.Add(2);
            }

            bytes.AddRange(text);
            if (i % 2 == 1)
            {
                bytes.AddRange([7, 7]);
            }
        }

        return [.. bytes, 0xff];
    }

    public static byte[] Intset(int width, params long[] numbers) =>
        [.. LittleEndian(width, 4), .. LittleEndian(numbers.Length, 4), .. numbers.SelectMany(n => LittleEndian(n, width))];

    public static byte[] LittleEndian(long number, int bytes)
    {
        byte[] eight = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(eight, number);
        return eight[..bytes];
    }

    private static byte[] Bytes(object item) => item as byte[] ?? Encoding.Latin1.GetBytes((string)item);

    private static byte[] ListpackNumber(long number) => number switch
    {
        >= 0 and <= 127 => [(byte)number],
        >= -4096 and <= 4095 => [(byte)(0xc0 | ((number >> 8) & 0x1f)), (byte)number],
        >= short.MinValue and <= short.MaxValue => [0xf1, .. LittleEndian(number, 2)],
        >= -(1 << 23) and < 1 << 23 => [0xf2, .. LittleEndian(number, 3)],
        >= int.MinValue and <= int.MaxValue => [0xf3, .. LittleEndian(number, 4)],
        _ => [0xf4, .. LittleEndian(number, 8)],
    };

    private static byte[] ListpackText(byte[] text) => text.Length switch
    {
        < 64 => [(byte)(0x80 | text.Length), .. text],
        < 4096 => [(byte)(0xe0 | (text.Length >> 8)), (byte)text.Length, .. text],
        _ => [0xf0, .. LittleEndian(text.Length, 4), .. text],
    };

    private static byte[] BackLength(int length) => length switch
    {
        <= 127 => [(byte)length],
        < 16383 => [(byte)(length >> 7), (byte)((length & 127) | 128)],
        < 2097151 => [(byte)(length >> 14), (byte)(((length >> 7) & 127) | 128), (byte)((length & 127) | 128)],
        _ => [(byte)(length >> 21), (byte)(((length >> 14) & 127) | 128), (byte)(((length >> 7) & 127) | 128), (byte)((length & 127) | 128)],
    };

    private static byte[] ZiplistNumber(long number) => number switch
    {
        >= 0 and <= 12 => [(byte)(0xf1 + number)],
        >= sbyte.MinValue and <= sbyte.MaxValue => [0xfe, (byte)number],
        >= short.MinValue and <= short.MaxValue => [0xc0, .. LittleEndian(number, 2)],
        >= -(1 << 23) and < 1 << 23 => [0xf0, .. LittleEndian(number, 3)],
        >= int.MinValue and <= int.MaxValue => [0xd0, .. LittleEndian(number, 4)],
        _ => [0xe0, .. LittleEndian(number, 8)],
    };

    private static byte[] ZiplistText(byte[] text) => text.Length switch
    {
        < 64 => [(byte)text.Length, .. text],
        < 16384 => [(byte)(0x40 | (text.Length >> 8)), (byte)text.Length, .. text],
        _ => [0x80, (byte)(text.Length >> 24), (byte)(text.Length >> 16), (byte)(text.Length >> 8), (byte)text.Length, .. text],
    };
}
