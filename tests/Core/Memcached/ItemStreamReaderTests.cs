using System.Text;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Memcached;

public sealed class ItemStreamReaderTests
{
    [Fact]
    public void What_was_written_is_read_whole()
    {
        (List<string> items, RdbSummary summary) = Read(ItemStreamSample.Bytes);
        Assert.Equal(ItemStreamSample.Texts, items);
        Assert.Equal((5, 3, 0), (summary.Keys, summary.KeysWithExpiry, summary.ExpiredKeys));
        Assert.Equal((RdbVersion.ItemStream, RdbCrcState.Absent), (summary.Version, summary.CrcState));
        Assert.Equal(ItemStreamSample.Bytes.Length, summary.SizeBytes);
        Assert.Equal(3_250, summary.LargestItemBytes);
        Assert.Equal(5, summary.Types[RdbType.String]);
        Assert.Equal([new RdbDatabaseSummary(0, 5, 3, 0)], summary.Databases);
    }

    [Fact]
    public void It_is_read_the_same_split_at_every_byte_and_byte_by_byte()
    {
        byte[] bytes = ItemStreamSample.Bytes;
        for (int split = 0; split <= bytes.Length; split++)
        {
            Assert.Equal(ItemStreamSample.Texts, Read(bytes[..split], bytes[split..]).Items);
        }

        Assert.Equal(ItemStreamSample.Texts, Read([.. bytes.Select(one => new[] { one })]).Items);
    }

    [Fact]
    public void Cut_at_every_byte_it_is_not_whole()
    {
        byte[] bytes = ItemStreamSample.Bytes;
        for (int length = 0; length < bytes.Length; length++)
        {
            RdbFormatException error = Assert.Throws<RdbFormatException>(() => Read(bytes[..length]));
            Assert.Equal((RdbError.UnexpectedEnd, length), (error.Code, (int)error.OffsetBytes));
        }
    }

    [Fact]
    public void No_changed_byte_outside_of_values_keys_and_numbers_passes()
    {
        byte[] bytes = ItemStreamSample.Bytes;
        byte[] lines = [.. bytes];
        int passed = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            foreach (byte value in (byte[])[0, 10, 13, 32, (byte)'9', (byte)'a', 127, 255])
            {
                if (bytes[at] == value)
                {
                    continue;
                }

                lines[at] = value;
                try
                {
                    // What passes is another good stream: as many bytes, and what it says is written again as the same.
                    (List<string> items, RdbSummary summary) = Read(lines);
                    Assert.Equal(bytes.Length, summary.SizeBytes);
                    Assert.NotEqual(ItemStreamSample.Texts, items);
                    passed++;
                }
                catch (RdbFormatException e)
                {
                    Assert.InRange(e.OffsetBytes, 0, bytes.Length);
                }

                lines[at] = bytes[at];
            }
        }

        Assert.InRange(passed, 1_000, bytes.Length * 8);
    }

    [Theory]
    [InlineData("REDIS0010", RdbError.BadMagic)]
    [InlineData("ms a 1 q F0 T0\r\nx\r\n", RdbError.BadMagic)]
    [InlineData("mn\n", RdbError.BadMagic)]
    [InlineData("mn\r\nmn\r\nx", RdbError.TrailingBytes)]
    [InlineData("mn\r\nms a 1 q F0 T0\r\nxy\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a 1 q F0 T0\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms  1 q F0 T0\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a 01 q F0 T0\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a -1 q F0 T0\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a 1 q F4294967296 T0\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a 1 q F0 T5\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a 1 q F0 T-1\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a 1 q F0 T4294967296\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a 1 F0 T0\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a 1 q F0 T0 I\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a 1073741825 q F0 T0\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms a 99999999999 q F0 T0\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nms YQ== 1 q F0 T0 b\r\nx\r\n", RdbError.BadItem)] // "a" needs no base64
    [InlineData("mn\r\nms IB== 1 q F0 T0 b\r\nx\r\n", RdbError.BadItem)] // bits after the last byte
    [InlineData("mn\r\nms IA= 1 q F0 T0 b\r\nx\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nmd a\r\n", RdbError.BadItem)]
    [InlineData("mn\r\nflush_all\r\n", RdbError.BadItem)]
    public void Anything_else_is_refused(string text, RdbError expected)
    {
        Assert.Equal(expected, Assert.Throws<RdbFormatException>(() => Read(Encoding.Latin1.GetBytes(text))).Code);
        Assert.Equal(expected, Assert.Throws<RdbFormatException>(() => Read([.. Encoding.Latin1.GetBytes(text).Select(one => new[] { one })])).Code);
    }

    [Fact]
    public void A_length_beyond_the_file_is_refused_when_it_is_read_and_nothing_is_allocated_for_it()
    {
        var reader = new ItemStreamReader(new Nothing(), new RdbReaderOptions { EndOffsetBytes = 100 });
        byte[] line = "mn\r\nms a 1073741824 q F0 T0\r\n"u8.ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(RdbError.LengthTooLarge, Assert.Throws<RdbFormatException>(() => reader.Read(line)).Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Throws<InvalidOperationException>(() => reader.Read(line));

        // An endless line ends at the longest one that there is.
        reader = new ItemStreamReader(new Nothing(), new RdbReaderOptions());
        reader.Read("mn\r\nms "u8);
        Assert.Throws<RdbFormatException>(() => reader.Read(new byte[ItemHead.MaxLineBytes].Select(_ => (byte)'k').ToArray()));
    }

    [Fact]
    public void A_segment_may_begin_and_end_at_any_item()
    {
        (byte[] key, uint flags, long expiry, byte[] value) = ItemStreamSample.Items[2];
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(ItemStreamWriter.TryWrite(writer, key, flags, expiry, value));
        var items = new Collected();
        IEntryReader reader = IEntryReader.OfSegment(items, RdbVersion.ItemStream, 0, 1_000, new RdbReaderOptions());
        reader.Read(writer.WrittenSpan);
        Assert.Equal((1, RdbCrcState.Segment), (reader.Complete().Keys, reader.Complete().CrcState));
        Assert.Equal([ItemStreamSample.Texts[2]], items.Items);
        Assert.Equal(1_000 + writer.WrittenCount, reader.OffsetBytes);
        reader = IEntryReader.OfSegment(items, RdbVersion.ItemStream, 0, 1_000, new RdbReaderOptions());
        reader.Read(writer.WrittenSpan[..^1]);
        Assert.Throws<RdbFormatException>(() => reader.Complete());
    }

    private static (List<string> Items, RdbSummary Summary) Read(params byte[][] chunks)
    {
        var items = new Collected();
        IEntryReader reader = IEntryReader.OfFile(RdbMagic.Memcached, items, new RdbReaderOptions());
        foreach (byte[] chunk in chunks)
        {
            reader.Read(chunk);
        }

        return (items.Items, reader.Complete());
    }

    private sealed class Nothing : RdbHandler;

    private sealed class Collected : RdbHandler
    {
        private readonly List<byte> _value = [];
        private byte[] _key = [];
        private RdbEntryStart _entry;

        public List<string> Items { get; } = [];

        public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
        {
            Assert.Equal((RdbType.String, 0), (entry.Type, entry.Database));
            (_entry, _key) = (entry, key.ToArray());
            _value.Clear();
        }

        public override void OnValue(ReadOnlySpan<byte> fragment)
        {
            Assert.False(fragment.IsEmpty);
            _value.AddRange(fragment);
        }

        public override void OnEntryEnd(in RdbEntryEnd end)
        {
            Assert.Equal((_value.Count, _entry.ValueOffsetBytes + _value.Count + 2), ((int)end.ValueLengthBytes, end.EndOffsetBytes));
            Items.Add(ItemStreamSample.Text(_key, _entry.Flags, (_entry.ExpireAtMilliseconds ?? 0) / 1000, [.. _value]));
        }
    }
}
