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
        ArrayBufferWriter<byte> file = Begin(library: null);
        file.Write<byte>([(byte)RdbOpcode.SelectDatabase, 0]);
        byte[] value = new byte[valueBytes];
        for (int i = 0; i < keys; i++)
        {
            random.NextBytes(value);
            WriteEntry(file, $"key:{i}", value);
        }

        return End(file);
    }

    /// <summary>A file of version 10 with these entries, and one function library where it is given.</summary>
    public static byte[] File(IEnumerable<SampleEntry> entries, string? library = null)
    {
        ArrayBufferWriter<byte> file = Begin(library);
        int database = -1;
        foreach (SampleEntry entry in entries)
        {
            if (entry.Database != database)
            {
                database = entry.Database;
                file.Write<byte>([(byte)RdbOpcode.SelectDatabase, (byte)database]);
            }

            if (entry.ExpireAtMilliseconds is { } expiry)
            {
                file.Write<byte>([(byte)RdbOpcode.ExpireMilliseconds]);
                BinaryPrimitives.WriteInt64LittleEndian(file.GetSpan(8), expiry);
                file.Advance(8);
            }

            WriteEntry(file, entry.Key, Encoding.UTF8.GetBytes(entry.Value));
        }

        return End(file);
    }

    /// <summary>A file of version 10 with one key of any type, whose value has these bytes as its string; the checksum is right.</summary>
    public static byte[] WithValue(RdbType type, ReadOnlySpan<byte> value)
    {
        ArrayBufferWriter<byte> file = Begin(library: null);
        file.Write<byte>([(byte)RdbOpcode.SelectDatabase, 0, (byte)type]);
        WriteString(file, "key"u8);
        WriteString(file, value);
        return End(file);
    }

    /// <summary>An empty file of version 9 that says nothing of the server that wrote it.</summary>
    public static byte[] WithoutFields()
    {
        var file = new ArrayBufferWriter<byte>();
        file.Write<byte>("REDIS0009"u8);
        return End(file);
    }

    private static ArrayBufferWriter<byte> Begin(string? library)
    {
        var file = new ArrayBufferWriter<byte>();
        file.Write<byte>("REDIS0010"u8);
        file.Write<byte>([(byte)RdbOpcode.Auxiliary]);
        WriteString(file, "redis-ver"u8);
        WriteString(file, "7.0.15"u8);
        if (library is not null)
        {
            file.Write<byte>([(byte)RdbOpcode.Function]);
            WriteString(file, Encoding.UTF8.GetBytes(library));
        }

        return file;
    }

    private static byte[] End(ArrayBufferWriter<byte> file)
    {
        file.Write<byte>([(byte)RdbOpcode.End]);
        ulong checksum = CrcRedis64.Compute(0, file.WrittenSpan);
        BinaryPrimitives.WriteUInt64LittleEndian(file.GetSpan(8), checksum);
        file.Advance(8);
        return file.WrittenSpan.ToArray();
    }

    private static void WriteEntry(ArrayBufferWriter<byte> file, string key, ReadOnlySpan<byte> value)
    {
        file.Write<byte>([(byte)RdbType.String]);
        WriteString(file, Encoding.UTF8.GetBytes(key));
        WriteString(file, value);
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
