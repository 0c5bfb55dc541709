using System.Buffers;
using System.Text;
using CacheBackup.Core.Memcached;

namespace CacheBackup.Core.Tests.Memcached;

/// <summary>A stream with an item of every kind that the format knows.</summary>
internal static class ItemStreamSample
{
    public static IReadOnlyList<(byte[] Key, uint Flags, long ExpireAtSeconds, byte[] Value)> Items { get; } =
    [
        ("plain"u8.ToArray(), 0, 0, "value"u8.ToArray()),
        ("empty"u8.ToArray(), 1, 0, []),
        ("with a space"u8.ToArray(), uint.MaxValue, 1_900_000_000, "\r\nmn\r\n"u8.ToArray()),
        ([0, 10, 13, 127, 255], 7, ItemHead.LastRelativeSeconds + 1, [0, 255, 13, 10]),
        (Encoding.ASCII.GetBytes(new string('k', ItemKey.MaxBytes)), 12, ItemHead.MaxExpireAtSeconds, Encoding.ASCII.GetBytes(new string('v', 3_000))),
    ];

    public static byte[] Bytes { get; } = Write();

    public static string Text(byte[] key, uint flags, long expiry, byte[] value) =>
        $"{Convert.ToHexString(key)} {flags} {expiry} {Convert.ToHexString(value)}";

    public static IReadOnlyList<string> Texts { get; } = [.. Items.Select(item => Text(item.Key, item.Flags, item.ExpireAtSeconds, item.Value))];

    private static byte[] Write()
    {
        var stream = new ArrayBufferWriter<byte>();
        stream.Write(ItemStreamWriter.Edge);
        foreach ((byte[] key, uint flags, long expiry, byte[] value) in Items)
        {
            Assert.True(ItemStreamWriter.TryWrite(stream, key, flags, expiry, value));
        }

        stream.Write(ItemStreamWriter.Edge);
        return stream.WrittenSpan.ToArray();
    }
}
