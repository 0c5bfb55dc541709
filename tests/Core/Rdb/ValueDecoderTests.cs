using CacheBackup.Core.Rdb;
using CacheBackup.Fixtures;

namespace CacheBackup.Core.Tests.Rdb;

public sealed class ValueDecoderTests
{
    [Fact]
    public void Every_value_of_every_good_sample_file_is_decoded_alike_in_any_fragmentation()
    {
        int values = 0;
        foreach (var (_, bytes) in RdbFixtures.Good(200_000))
        {
            var file = new RecordingHandler();
            var version = RdbReaderTests.ReadWhole(bytes, file).Version;
            foreach (var entry in file.Entries)
            {
                string whole = Decode(version, entry.Start.Type, entry.Value, int.MaxValue);
                Assert.Equal(whole, Decode(version, entry.Start.Type, entry.Value, 1));
                Assert.Equal(whole, Decode(version, entry.Start.Type, entry.Value, 5));
                values++;
            }
        }

        Assert.True(values > 300, $"{values} values");
    }

    [Theory]
    [InlineData("redis806-small.rdb")]
    [InlineData("valkey912-small.rdb")]
    public void Every_value_of_whole_data_sets_is_decoded(string file)
    {
        var handler = new RecordingHandler();
        var version = RdbReaderTests.ReadWhole(SharedFixtures.Read("rdb", file), handler).Version;
        var types = new HashSet<RdbType>();
        foreach (var entry in handler.Entries)
        {
            Assert.NotEqual(string.Empty, Decode(version, entry.Start.Type, entry.Value, int.MaxValue));
            types.Add(entry.Start.Type);
        }

        TestContext.Current.SendDiagnosticMessage("{0}: {1}", file, string.Join(' ', types.Order()));
        Assert.True(types.Count >= 10, string.Join(' ', types));
    }

    [Fact]
    public void Known_corrupt_payloads_behave_as_their_index_says()
    {
        var accepted = new List<string>();
        foreach (var sample in CorruptPayload.All)
        {
            byte[] bytes = sample.Read();
            var payload = RdbPayload.ReadUnchecked(bytes);
            Assert.Equal((sample.Bytes, sample.Type, sample.RdbVersion), (bytes.Length, payload.Type, payload.Version.Number));
            Assert.True(HasRightChecksum(bytes) || sample.TestSkipsChecksum, $"{sample} has a wrong checksum");
            string? whole = ErrorOf(payload.Version, payload.Type, payload.Value.ToArray(), int.MaxValue);
            foreach (int chunk in (int[])[1, 2, 3, 7])
            {
                Assert.Equal(whole, ErrorOf(payload.Version, payload.Type, payload.Value.ToArray(), chunk));
            }

            TestContext.Current.SendDiagnosticMessage("{0}: {1}", sample.File, whole ?? "accepted");
            Assert.True(whole is not null || !sample.MustBeRefused, $"{sample} is accepted");
            if (whole is null)
            {
                accepted.Add(sample.File);
            }
        }

        // The one that is accepted is sound: the trouble that it once made came after it was restored.
        Assert.Equal(38, CorruptPayload.All.Count);
        Assert.Equal(29, CorruptPayload.All.Count(p => p.MustBeRefused));
        Assert.Equal(["034-fuzzer-findings-hash-crash.bin"], accepted);
    }

    private static bool HasRightChecksum(byte[] payload)
    {
        try
        {
            return RdbPayload.Read(payload).Type >= 0;
        }
        catch (RdbFormatException e) when (e.Code == RdbError.ChecksumMismatch)
        {
            return false;
        }
    }

    private static string? ErrorOf(RdbVersion version, RdbType type, byte[] value, int chunk)
    {
        try
        {
            Decode(version, type, value, chunk);
            return null;
        }
        catch (RdbFormatException e)
        {
            Assert.InRange(e.OffsetBytes, 0, value.Length);
            return e.Message;
        }
    }

    private static string Decode(RdbVersion version, RdbType type, byte[] value, int chunk)
    {
        var elements = new RecordingElements();
        var decoder = new ValueDecoder(elements);
        decoder.Begin(version, type);
        for (int position = 0; position < value.Length;)
        {
            int count = Math.Min(chunk, value.Length - position);
            decoder.Write(value.AsSpan(position, count));
            position += count;
        }

        decoder.Complete();
        Assert.True(elements.HasEnded);
        return type == RdbType.Module2 ? Convert.ToHexString([.. elements.Texts.SelectMany(t => t.Bytes)]) : elements.Text;
    }
}
