using CacheBackup.Core.Rdb;
using CacheBackup.Core.Tests.Segments;
using CacheBackup.Fixtures;
using CacheBackup.Fuzz.Fingerprints;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>What a reader tells does not depend on how the file is cut into chunks.</summary>
public sealed class RdbReaderFragmentationTests
{
    private const int Small = 4096;

    [Fact]
    public void Every_cut_of_every_small_sample_file_tells_the_same()
    {
        int files = 0;
        var handler = new FileFingerprint(decodes: true);
        foreach (var (fixture, bytes) in RdbFixtures.Good(Small))
        {
            var whole = Tell(handler, bytes, []);
            foreach (int[] cuts in Fragmented.EveryWay(bytes.Length))
            {
                Assert.True(whole == Tell(handler, bytes, cuts), $"{fixture} cut at {string.Join(',', cuts)}");
            }

            files++;
        }

        Assert.True(files >= 55, $"{files} files");
    }

    [Fact]
    public void Every_cut_of_every_kind_of_item_tells_the_same_word_by_word()
    {
        byte[] bytes = EveryItem();
        string whole = Write(bytes, []);
        foreach (int[] cuts in Fragmented.EveryWay(bytes.Length))
        {
            Assert.True(whole == Write(bytes, cuts), $"cut at {string.Join(',', cuts)}");
        }
    }

    [Fact]
    public void An_error_is_the_same_however_the_file_is_cut()
    {
        var random = new Random(24);
        int errors = 0;
        foreach (var (fixture, bytes) in RdbFixtures.Good(Small))
        {
            for (int i = 0; i < 40; i++)
            {
                byte[] damaged = [.. bytes];
                damaged[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
                var whole = ErrorOf(damaged, []);
                int[] cuts = i % 2 == 0 ? [.. Enumerable.Range(1, bytes.Length - 1)] : Fragmented.AtRandom(bytes.Length, random);
                Assert.True(whole == ErrorOf(damaged, cuts), $"{fixture} cut at {string.Join(',', cuts)}: {whole}");
                errors += whole is null ? 0 : 1;
            }
        }

        Assert.True(errors > 1_500, $"{errors} errors");
    }

    /// <summary>Ten thousand ways to cut each larger file, in a stretch of whole entries at a time where it has many.</summary>
    [Fact]
    public void Random_cuts_of_larger_files_tell_the_same()
    {
        const int Ways = 10_000;
        var files = RdbFixtures.Good(int.MaxValue).Where(f => f.Fixture.Bytes > Small).Select(f => (f.Fixture.File, f.Bytes))
            .Concat(((string[])["redis806-small.rdb", "valkey912-small.rdb"]).Select(f => (f, SharedFixtures.Read("rdb", f))))
            .Append(("mixed", SegmentIndexerTests.Mixed()));
        long cuts = 0;
        foreach (var (file, bytes) in files)
        {
            var stretches = Stretches.Of(bytes);
            Parallel.For(
                0,
                Ways,
                DamageCensus.Everywhere(),
                stretches.NewReading,
                (way, _, reading) =>
                {
                    Interlocked.Add(ref cuts, stretches.RequireSame(reading, file, way));
                    return reading;
                },
                _ => { });
        }

        Assert.True(cuts > 1_000_000, $"{cuts} cuts");
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

    private static (UInt128 Told, UInt128 Elements) Tell(FileFingerprint handler, byte[] bytes, int[] cuts)
    {
        handler.Reset();
        var reader = new RdbReader(handler);
        Fragmented.Feed(bytes, cuts, m => reader.Read(m.Span));
        Assert.Null(reader.FindEndError());
        Assert.Equal(bytes.Length, reader.OffsetBytes);
        return handler.Value;
    }

    private static string Write(byte[] bytes, int[] cuts)
    {
        var handler = new RecordingHandler();
        var reader = new RdbReader(handler);
        Fragmented.Feed(bytes, cuts, m => reader.Read(m.Span));
        var summary = reader.Complete();
        Assert.Equal(bytes.Length, reader.OffsetBytes);
        return handler.Text + summary.Crc64;
    }

    private static string? ErrorOf(byte[] bytes, int[] cuts)
    {
        var reader = new RdbReader(new QuietHandler());
        try
        {
            Fragmented.Feed(bytes, cuts, m => reader.Read(m.Span));
            return reader.FindEndError()?.Message;
        }
        catch (RdbFormatException e)
        {
            return e.Message;
        }
    }

    private sealed class QuietHandler : RdbHandler;
}
