using System.Text.Json;
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
    public void Known_corrupt_payloads_are_refused()
    {
        var index = JsonSerializer.Deserialize<List<CorruptPayload>>(
            SharedFixtures.Read("corrupt", "index.json"),
            RdbFixtures.Json)!;
        var accepted = new List<string>();
        foreach (var sample in index)
        {
            byte[] bytes = SharedFixtures.Read("corrupt", sample.File);
            var payload = RdbPayload.ReadUnchecked(bytes);
            try
            {
                Decode(payload.Version, payload.Type, payload.Value.ToArray(), int.MaxValue);
                accepted.Add(sample.File);
            }
            catch (RdbFormatException e)
            {
                TestContext.Current.SendDiagnosticMessage("{0}: {1}", sample.File, e.Message);
            }
        }

        // The one that is accepted is sound: the trouble that it once made came after it was restored.
        Assert.Equal(38, index.Count);
        Assert.Equal(["034-fuzzer-findings-hash-crash.bin"], accepted);
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

    private sealed record CorruptPayload(string File);
}
