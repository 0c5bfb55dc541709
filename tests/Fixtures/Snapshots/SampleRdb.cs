using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Fixtures.Snapshots;

/// <summary>Small RDB files of strings, made here: the same at every run, and with a right checksum.</summary>
public static class SampleRdb
{
    /// <summary>A file of version 10 with keys <c>key:0</c> … in database 0, each with a value of that many random bytes.</summary>
    public static byte[] File(int keys, int valueBytes)
    {
        var random = new Random(keys);
        var file = new ArrayBufferWriter<byte>();
        file.Write<byte>("REDIS0010"u8);
        WriteAuxiliary(file, "redis-ver", "7.0.15");
        file.Write<byte>([(byte)RdbOpcode.SelectDatabase, 0]);
        byte[] value = new byte[valueBytes];
        for (int i = 0; i < keys; i++)
        {
            random.NextBytes(value);
            file.Write<byte>([(byte)RdbType.String]);
            WriteString(file, Encoding.ASCII.GetBytes($"key:{i}"));
            WriteString(file, value);
        }

        file.Write<byte>([(byte)RdbOpcode.End]);
        BinaryPrimitives.WriteUInt64LittleEndian(file.GetSpan(8), CrcRedis64.Compute(0, file.WrittenSpan));
        file.Advance(8);
        return file.WrittenSpan.ToArray();
    }

    private static void WriteAuxiliary(ArrayBufferWriter<byte> file, string name, string value)
    {
        file.Write<byte>([(byte)RdbOpcode.Auxiliary]);
        WriteString(file, Encoding.ASCII.GetBytes(name));
        WriteString(file, Encoding.ASCII.GetBytes(value));
    }

    private static void WriteString(ArrayBufferWriter<byte> file, ReadOnlySpan<byte> text)
    {
        const byte FourByteLength = 0x80;
        if (text.Length < 64)
        {
            file.Write<byte>([(byte)text.Length]);
        }
        else
        {
            Span<byte> length = file.GetSpan(5);
            length[0] = FourByteLength;
            BinaryPrimitives.WriteInt32BigEndian(length[1..], text.Length);
            file.Advance(5);
        }

        file.Write(text);
    }
}
