using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Tests.Restores;
using CacheBackup.Fixtures;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>Every value of the fixtures, written anew in the older type of its family.</summary>
public sealed class OlderValueTests
{
    [Fact]
    public async Task Every_collection_of_the_fixtures_is_the_same_in_its_plain_type()
    {
        var seen = new HashSet<RdbType>();
        await ForEachAsync(entry =>
        {
            if (entry.Type.Family() is not (ValueFamily.List or ValueFamily.Set or ValueFamily.Hash or ValueFamily.SortedSet)
                || entry.Type is >= RdbType.HashWithFieldExpiry)
            {
                return;
            }

            RdbType older = new TargetFormats(CacheEngine.Redis, new CacheVersion(5, 0, 0), false).OlderOf(entry.Type)!.Value;
            Assert.True(new OlderValue(1 << 24).TryWrite(entry.Version, entry.Type, entry.Value.Span, out ReadOnlyMemory<byte> value));
            Assert.Equal(
                DigestOf(entry.Version.Magic, entry.Type, entry.Value), DigestOf(RdbMagic.Redis, older, value));
            seen.Add(entry.Type);
        });
        Assert.True(seen.Count >= 12, string.Join(", ", seen));
    }

    [Fact]
    public async Task A_value_that_becomes_longer_than_the_limit_is_not_written()
    {
        int refused = 0;
        await ForEachAsync(entry =>
        {
            if (entry.Type == RdbType.ListQuicklist2 && entry.Value.Length > 200)
            {
                Assert.False(new OlderValue(100).TryWrite(entry.Version, entry.Type, entry.Value.Span, out _));
                refused++;
            }
        });
        Assert.True(refused > 3);
    }

    [Fact]
    public async Task Streams_are_the_same_in_their_older_types_but_for_what_those_lack()
    {
        int streams = 0;
        await ForEachAsync(entry =>
        {
            if (entry.Type is RdbType.Stream2 or RdbType.Stream3)
            {
                streams++;
                var older = new OlderStream();
                if (entry.Type == RdbType.Stream3)
                {
                    byte[] second = older.Write(RdbType.Stream3, entry.Value.Span, RdbType.Stream2).ToArray();
                    Assert.Equal(DigestOf(RdbMagic.Redis, entry.Type, entry.Value), DigestOf(RdbMagic.Redis, RdbType.Stream2, second));
                }

                byte[] first = older.Write(entry.Type, entry.Value.Span, RdbType.Stream).ToArray();
                var options = new ValueDecoderOptions { IgnoreStreamCounters = true };
                Assert.Equal(DigestOf(RdbMagic.Redis, entry.Type, entry.Value, options), DigestOf(RdbMagic.Redis, RdbType.Stream, first));
            }
        });
        Assert.True(streams >= 3);
    }

    [Fact]
    public async Task A_stream_that_is_cut_is_damaged()
    {
        bool isSeen = false;
        await ForEachAsync(entry =>
        {
            if (entry.Type == RdbType.Stream3 && !isSeen)
            {
                isSeen = true;
                Assert.Throws<RdbFormatException>(() => new OlderStream().Write(RdbType.Stream3, entry.Value.Span[..^1], RdbType.Stream2));
                Assert.Throws<RdbFormatException>(() => new OlderStream().Write(RdbType.Stream3, (byte[])[.. entry.Value.Span, 0], RdbType.Stream2));
            }
        });
        Assert.True(isSeen);
    }

    private static ValueDigest DigestOf(RdbMagic magic, RdbType type, ReadOnlyMemory<byte> value, ValueDecoderOptions? options = null)
    {
        var digester = new ValueDigester(options);
        digester.Begin(magic, type);
        digester.Append(value.Span);
        return digester.Complete();
    }

    private static async Task ForEachAsync(Action<RestoreEntry> action)
    {
        foreach (string path in Directory.GetFiles(SharedFixtures.Path("rdb"), "*.rdb"))
        {
            StoredSample sample;
            try
            {
                sample = await StoredSample.CreateAsync(await File.ReadAllBytesAsync(path));
            }
            catch (RdbFormatException)
            {
                continue;
            }

            await using RecordingTarget target = new() { NowMilliseconds = 0 };
            RestoreRun run = new(sample.Store, TimeProvider.System);
            await run.RunAsync(sample.Range with { LeaveOutRefused = true }, target, null, default);
            foreach (RestoreEntry entry in target.Entries.Where(entry => !entry.Value.IsEmpty))
            {
                action(entry);
            }
        }
    }
}
