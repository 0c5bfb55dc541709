using System.Buffers.Binary;
using System.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>Writes RDB files by hand, good ones and, through <see cref="Raw"/>, any other.</summary>
public sealed class RdbBuilder
{
    private readonly List<byte> _bytes = [];

    public RdbBuilder(string header = "REDIS0011") => Raw(Encoding.ASCII.GetBytes(header));

    public int Length => _bytes.Count;

    public RdbBuilder Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public RdbBuilder Op(RdbOpcode opcode) => Raw((byte)opcode);

    public RdbBuilder Number(ulong number) => Raw(EncodeNumber(number));

    public RdbBuilder Text(ReadOnlySpan<byte> text) => Number((ulong)text.Length).Raw(text.ToArray());

    public RdbBuilder Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    public RdbBuilder Auxiliary(string name, string value) => Op(RdbOpcode.Auxiliary).Text(name).Text(value);

    public RdbBuilder Select(int database) => Op(RdbOpcode.SelectDatabase).Number((ulong)database);

    public RdbBuilder Resize(int keys, int expiring) => Op(RdbOpcode.ResizeDatabase).Number((ulong)keys).Number((ulong)expiring);

    public RdbBuilder Expire(long milliseconds)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, milliseconds);
        return Op(RdbOpcode.ExpireMilliseconds).Raw(bytes);
    }

    public RdbBuilder Function(string source) => Op(RdbOpcode.Function).Text(source);

    public RdbBuilder Type(RdbType type, string key) => Raw((byte)type).Text(key);

    public RdbBuilder StringEntry(string key, ReadOnlySpan<byte> value) => Type(RdbType.String, key).Text(value);

    /// <summary>The end opcode and, unless told otherwise, the right checksum.</summary>
    public byte[] End(bool hasChecksum = true, ulong? checksum = null)
    {
        Op(RdbOpcode.End);
        if (hasChecksum)
        {
            byte[] footer = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(footer, checksum ?? CrcRedis64.Compute(0, [.. _bytes]));
            Raw(footer);
        }

        return ToArray();
    }

    public byte[] ToArray() => [.. _bytes];

    /// <summary>The shortest form, as servers write it.</summary>
    public static byte[] EncodeNumber(ulong number)
    {
        switch (number)
        {
            case < 1 << 6:
                return [(byte)number];
            case < 1 << 14:
                return [(byte)(0x40 | (number >> 8)), (byte)number];
            case <= uint.MaxValue:
                byte[] four = new byte[5];
                four[0] = 0x80;
                BinaryPrimitives.WriteUInt32BigEndian(four.AsSpan(1), (uint)number);
                return four;
            default:
                byte[] eight = new byte[9];
                eight[0] = 0x81;
                BinaryPrimitives.WriteUInt64BigEndian(eight.AsSpan(1), number);
                return eight;
        }
    }
}
