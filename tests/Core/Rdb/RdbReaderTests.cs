using CacheBackup.Core.Rdb;
using CacheBackup.Fixtures;

namespace CacheBackup.Core.Tests.Rdb;

public sealed class RdbReaderTests
{
    [Fact]
    public void Every_good_sample_file_is_counted_as_its_index_says()
    {
        int files = 0;
        foreach (var (fixture, bytes) in RdbFixtures.Good(int.MaxValue))
        {
            var summary = ReadWhole(bytes, new RecordingHandler());

            Assert.Equal(fixture.Keys, summary.Keys);
            Assert.Equal(fixture.Expires, summary.KeysWithExpiry);
            Assert.Equal(fixture.Databases, summary.Databases.Select(d => d.Number));
            Assert.Equal(RdbFixtures.TypesOf(fixture), summary.Types);
            Assert.Equal(RdbFixtures.OpcodesOf(fixture), summary.Opcodes);
            Assert.Equal(fixture.Bytes, summary.SizeBytes);
            Assert.Equal(
                fixture.Crc switch
                {
                    "set" => RdbCrcState.Verified,
                    "zero" => RdbCrcState.Zero,
                    _ => RdbCrcState.OlderVersion,
                },
                summary.CrcState);
            files++;
        }

        Assert.Equal(68, files);
    }

    [Theory]
    [InlineData("redis806-small.rdb", "REDIS0012")]
    [InlineData("valkey912-small.rdb", "VALKEY080")]
    public void Whole_data_sets_of_new_servers_are_read_and_verified(string file, string version)
    {
        var handler = new RecordingHandler();
        var summary = ReadWhole(SharedFixtures.Read("rdb", file), handler);

        Assert.Equal(version, summary.Version.ToString());
        Assert.Equal(RdbCrcState.Verified, summary.CrcState);
        Assert.Equal(handler.Entries.Count, summary.Keys);
        Assert.True(summary.Keys > 1000);
    }

    [Fact]
    public void A_value_inside_one_chunk_comes_in_one_fragment()
    {
        foreach (var (_, bytes) in RdbFixtures.Good(200_000))
        {
            var handler = new RecordingHandler();
            ReadWhole(bytes, handler);

            Assert.All(handler.Entries, e => Assert.Equal(1, e.Fragments));
        }
    }

    [Fact]
    public void Value_bytes_are_the_files_own_between_the_offsets_that_are_told()
    {
        foreach (var (_, bytes) in RdbFixtures.Good(200_000))
        {
            var handler = new RecordingHandler();
            ReadWhole(bytes, handler);

            long end = 0;
            foreach (var entry in handler.Entries)
            {
                Assert.True(entry.Start.OffsetBytes >= end);
                end = entry.End.EndOffsetBytes;
                Assert.Equal(end - entry.Start.ValueOffsetBytes, entry.End.ValueLengthBytes);
                Assert.Equal(bytes[(int)entry.Start.ValueOffsetBytes..(int)end], entry.Value);
                Assert.Equal((byte)entry.Start.Type, bytes[entry.Start.KeyOffsetBytes - 1]);
            }
        }
    }

    internal static RdbSummary ReadWhole(byte[] bytes, RdbHandler handler)
    {
        var reader = new RdbReader(handler);
        reader.Read(bytes);
        return reader.Complete();
    }
}
