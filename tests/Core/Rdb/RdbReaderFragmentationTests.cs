using CacheBackup.Core.Rdb;
using CacheBackup.Core.Tests.Segments;
using CacheBackup.Fixtures;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>What a reader tells does not depend on how the file is cut into chunks.</summary>
public sealed class RdbReaderFragmentationTests
{
    private const int Small = 4096;

    [Fact]
    public void Every_cut_of_every_small_sample_file_tells_the_same()
    {
        int files = 0;
        foreach (var (fixture, bytes) in RdbFixtures.Good(Small))
        {
            string whole = Tell(bytes, []);
            foreach (int[] cuts in Fragmented.EveryWay(bytes.Length))
            {
                Assert.True(whole == Tell(bytes, cuts), $"{fixture} cut at {string.Join(',', cuts)}");
            }

            files++;
        }

        Assert.True(files >= 55, $"{files} files");
    }

    [Fact]
    public void Every_cut_of_every_kind_of_item_tells_the_same()
    {
        byte[] bytes = EveryItem();
        string whole = Tell(bytes, []);
        foreach (int[] cuts in Fragmented.EveryWay(bytes.Length))
        {
            Assert.True(whole == Tell(bytes, cuts), $"cut at {string.Join(',', cuts)}");
        }
    }

    [Fact]
    public void Random_cuts_of_larger_files_tell_the_same()
    {
        var random = new Random(21);
        foreach (byte[] bytes in RdbFixtures.Good(200_000).Where(f => f.Fixture.Bytes > Small).Select(f => f.Bytes).Append(SegmentIndexerTests.Mixed()))
        {
            string whole = Tell(bytes, []);
            for (int i = 0; i < 25; i++)
            {
                int[] cuts = Fragmented.AtRandom(bytes.Length, random);
                Assert.True(whole == Tell(bytes, cuts), $"{bytes.Length} bytes, run {i}");
            }
        }
    }

    [Theory]
    [InlineData("redis806-small.rdb")]
    [InlineData("valkey912-small.rdb")]
    public void Random_cuts_of_whole_data_sets_count_the_same(string file)
    {
        byte[] bytes = SharedFixtures.Read("rdb", file);
        var random = new Random(22);
        var whole = RdbReaderTests.ReadWhole(bytes, new QuietHandler());
        for (int i = 0; i < 10; i++)
        {
            var handler = new QuietHandler();
            var reader = new RdbReader(handler);
            Fragmented.Feed(bytes, Fragmented.AtRandom(bytes.Length, random), m => reader.Read(m.Span));
            var summary = reader.Complete();

            Assert.Equal(whole.Keys, summary.Keys);
            Assert.Equal(whole.Crc64, summary.Crc64);
            Assert.Equal(RdbCrcState.Verified, summary.CrcState);
            Assert.Equal(whole.Types, summary.Types);
        }
    }

    /// <summary>One of everything that an RDB file of the Redis family can hold outside of values, in all sizes of number.</summary>
    internal static byte[] EveryItem()
    {
        var file = new RdbBuilder("REDIS0012")
            .Auxiliary("redis-ver", "7.4.0")
            .Op(RdbOpcode.Auxiliary).Text("ctime").Raw(0xc2, 0x10, 0x20, 0x30, 0x40)
            .Op(RdbOpcode.Auxiliary).Text("used-mem").Raw(0xc1, 0x10, 0x20)
            .Op(RdbOpcode.Auxiliary).Raw(0xc0, 0x7f).Raw(0xc0, 0x80)
            .Op(RdbOpcode.ModuleAuxiliary).Number(0x1234_5678_9abc_def0).Number(2).Number(1)
            .Raw(1).Number(77).Raw(2).Number(70_000).Raw(3, 1, 2, 3, 4).Raw(4, 1, 2, 3, 4, 5, 6, 7, 8).Raw(5).Text("module text").Raw(0)
            .Function("#!lua name=mylib\nredis.register_function('f', function() end)")
            .Select(3).Resize(20_000, 100_000)
            .Op(RdbOpcode.SlotInfo).Number(16383).Number(5_000_000_000).Number(1)
            .Expire(1_900_000_000_123)
            .Op(RdbOpcode.Frequency).Raw(200)
            .StringEntry("expiring", "value"u8)
            .Op(RdbOpcode.ExpireSeconds).Raw(1, 2, 3, 4)
            .Op(RdbOpcode.Idle).Number(100_000)
            .StringEntry("idle", new byte[200])
            .Raw(0).Raw(0xc2, 1, 2, 3, 4).Raw(0xc1, 9, 9)
            .Raw(0).Raw(0xc3, 5, 28, 0, (byte)'k', 0xe0, 18, 0).Raw(0xc3, 5, 28, 0, (byte)'v', 0xe0, 18, 0)
            .Type(RdbType.Module2, "module").Number(0x1234_5678_9abc_def0).Raw(1).Number(5).Raw(5).Text("text").Raw(4, 8, 7, 6, 5, 4, 3, 2, 1).Raw(0)
            .Type(RdbType.SortedSet, "scores").Number(4).Text("a").Raw(253).Text("b").Raw(254).Text("c").Raw(255).Text("d").Text("3.25")
            .Type(RdbType.SortedSet2, "scores2").Number(1).Text("a").Raw(0, 0, 0, 0, 0, 0, 0xf0, 0x3f)
            .Type(RdbType.HashMetadata, "fields").Raw(0, 0, 1, 0, 0, 0, 0, 0).Number(2).Number(1).Text("f").Text("v").Number(0).Text("g").Text("w")
            .Type(RdbType.HashListpackExpiry, "packed").Raw(0, 0, 1, 0, 0, 0, 0, 0).Text([7, 0, 0, 0, 0, 0, 0xff])
            .Type(RdbType.ListQuicklist2, "list").Number(2).Number(1).Text("plain").Number(2).Text([7, 0, 0, 0, 0, 0, 0xff]);
        return file.End();
    }

    private static string Tell(byte[] bytes, int[] cuts)
    {
        var handler = new RecordingHandler();
        var reader = new RdbReader(handler);
        Fragmented.Feed(bytes, cuts, m => reader.Read(m.Span));
        var summary = reader.Complete();
        Assert.Equal(bytes.Length, reader.OffsetBytes);
        return handler.Text + summary.Crc64;
    }

    private sealed class QuietHandler : RdbHandler;
}
