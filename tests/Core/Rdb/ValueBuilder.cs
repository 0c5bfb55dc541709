using System.Buffers.Binary;
using System.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>Writes one stored value by hand.</summary>
public sealed class ValueBuilder(RdbType type, RdbMagic magic = RdbMagic.Redis)
{
    private readonly List<byte> _bytes = [];

    public RdbType Type => type;

    public RdbMagic Magic => magic;

    public byte[] Bytes => [.. _bytes];

    public ValueBuilder Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public ValueBuilder Number(ulong number) => Raw(RdbBuilder.EncodeNumber(number));

    public ValueBuilder Text(byte[] text) => Number((ulong)text.Length).Raw(text);

    public ValueBuilder Texts(params string[] texts)
    {
        foreach (string text in texts)
        {
            Text(Encoding.Latin1.GetBytes(text));
        }

        return this;
    }

    /// <summary>A text as eight, sixteen or thirty-two bits.</summary>
    public ValueBuilder Int(int number) => number switch
    {
        >= sbyte.MinValue and <= sbyte.MaxValue => Raw(0xc0, (byte)number),
        >= short.MinValue and <= short.MaxValue => Raw([0xc1, .. Packed.LittleEndian(number, 2)]),
        _ => Raw([0xc2, .. Packed.LittleEndian(number, 4)]),
    };

    /// <summary>A text as LZF of literals alone, which is allowed, though no server makes it.</summary>
    public ValueBuilder Literals(byte[] text) => Compressed([.. text.Chunk(32).SelectMany(c => (byte[])[(byte)(c.Length - 1), .. c])], text.Length);

    public ValueBuilder Compressed(byte[] stored, int length) => Raw(0xc3).Number((ulong)stored.Length).Number((ulong)length).Raw(stored);

    public ValueBuilder Double(double number)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, number);
        return Raw(bytes);
    }

    public ValueBuilder Eight(long number) => Raw(Packed.LittleEndian(number, 8));

    public ValueBuilder Id(ulong milliseconds, ulong sequence)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, milliseconds);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), sequence);
        return Raw(bytes);
    }

    /// <summary>What the decoder finds, or throws.</summary>
    public string Decode(int chunk = int.MaxValue)
    {
        var elements = new RecordingElements();
        var decoder = new ValueDecoder(elements);
        decoder.Begin(magic, type);
        byte[] bytes = Bytes;
        for (int position = 0; position < bytes.Length;)
        {
            int count = Math.Min(chunk, bytes.Length - position);
            decoder.Write(bytes.AsSpan(position, count));
            position += count;
        }

        decoder.Complete();
        Assert.True(elements.HasEnded);
        return elements.Text;
    }

    public ValueDigest Digest() => ValueDigester.Compute(magic, type, Bytes);

    public RdbFormatException Error() => Assert.Throws<RdbFormatException>(() => Decode());

    public override string ToString() => $"{magic} {type}";
}
