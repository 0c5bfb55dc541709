using System.Globalization;
using System.Text;
using CacheBackup.Core.Inspections;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Tests.Rdb;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Inspections;

public sealed class InspectorTests
{
    [Fact]
    public void Keys_are_sorted_into_every_kind_of_group()
    {
        byte[] file = new RdbBuilder("REDIS0010").Auxiliary("ctime", "1000")
            .Select(0).StringEntry("user:1:name", "a"u8).Expire(1_000_000).StringEntry("user:2", "12345"u8)
            .Type(RdbType.Set, "tags").Number(3).Text("x").Text("y").Text("z")
            .Select(4).Expire(1_000_000 + 3_600_001).StringEntry("order:1", new byte[300])
            .Type(RdbType.ListQuicklist2, "order:list").Number(1).Number(1).Text("plain").End();

        Inspector inspector = Inspect(file, InspectionOptions.Default);

        Assert.Equal([(RdbType.String, 3L), (RdbType.Set, 1L), (RdbType.ListQuicklist2, 1L)], inspector.Types.Select(type => (type.What, type.Group.Keys)));
        Assert.Equal([(0, 3L, 1L), (4, 2L, 1L)], inspector.Databases.Select(database => (database.What, database.Group.Keys, database.Group.KeysWithExpiry)));
        Assert.Equal(
            [(ServerEncoding.Int, 1L), (ServerEncoding.Embstr, 1L), (ServerEncoding.Raw, 1L), (ServerEncoding.Quicklist, 1L), (ServerEncoding.Hashtable, 1L)],
            inspector.Encodings.Select(encoding => (encoding.What, encoding.Group.Keys)));
        Assert.Equal(
            [("", 1L), ("order:", 2L), ("user:", 2L)],
            inspector.Prefixes.Select(prefix => (Encoding.UTF8.GetString(prefix.What), prefix.Group.Keys)).Order());
        Assert.Equal([1L, 0, 1, 0, 0, 0], inspector.Lifetimes.Select(group => group.Keys));
        Assert.Equal([4L, 1, 0, 0, 0, 0, 0], inspector.Sizes.Select(group => group.Keys));
        Assert.Equal(["order:1", "user:2"], inspector.Biggest.Take(2).Select(key => Encoding.UTF8.GetString(key.Key)));
        Assert.Equal(("tags", 3L), inspector.MostElements.Select(key => (Encoding.UTF8.GetString(key.Key), key.Elements)).First());
        Assert.Equal(inspector.Types.Sum(type => type.Group.Bytes), inspector.Databases.Sum(database => database.Group.Bytes));
        Assert.Equal(0, inspector.UnsoundValues);
    }

    [Theory]
    [InlineData(":", 1, "a: a: b: ")]
    [InlineData(":", 2, "a:1: a:1: b:: ")]
    [InlineData(":", 3, "a:1:2: a:1: b::c: ")]
    [InlineData("::", 1, "   b::")]
    public void Prefix_ends_behind_so_many_separators(string separator, int depth, string expected)
    {
        KeyPrefix prefix = new(separator, depth);
        IEnumerable<string> found = ((string[])["a:1:2:3", "a:1:x", "b::c:d", "none"]).Select(key => Encoding.UTF8.GetString(prefix.Of(Encoding.UTF8.GetBytes(key))));
        Assert.Equal(expected.Split(' ').Order(), found.Order());
    }

    [Fact]
    public void Prefixes_beyond_the_bound_count_among_the_others()
    {
        byte[] file = SampleRdb.File(Enumerable.Range(0, 1_000).Select(i => new SampleEntry($"p{i}:x", "v")));

        Inspector inspector = Inspect(file, InspectionOptions.Default with { MostPrefixes = 10 });

        Assert.Equal(10, inspector.Prefixes.Count());
        Assert.Equal(990, inspector.OtherPrefixes.Keys);
        Inspector longOnes = Inspect(SampleRdb.File([new SampleEntry(new string('k', 5_000) + ":x", "v")]), InspectionOptions.Default);
        Assert.Empty(longOnes.Prefixes);
        Assert.Equal((1, Inspector.LongestKeyKept), (longOnes.OtherPrefixes.Keys, Assert.Single(longOnes.Biggest).Key.Length));
    }

    [Fact]
    public void Every_cut_of_every_small_sample_file_tells_the_same()
    {
        foreach (byte[] bytes in RdbFixtures.Good(1_500).Select(file => file.Bytes))
        {
            string whole = Describe(Inspect(bytes, InspectionOptions.Default));
            foreach (int[] cuts in Fragmented.EveryWay(bytes.Length))
            {
                Assert.Equal(whole, Describe(Inspect(bytes, InspectionOptions.Default, cuts)));
            }
        }
    }

    [Fact]
    public void Biggest_are_those_of_a_whole_sort()
    {
        var random = new Random(7);
        (string Key, int Size)[] keys = [.. Enumerable.Range(0, 3_000).Select(i => ($"key:{i:0000}", random.Next(1, 60_000)))];
        byte[] file = SampleRdb.File(keys.Select(key => new SampleEntry(key.Key, new string('v', key.Size))));

        Inspector inspector = Inspect(file, InspectionOptions.Default with { Biggest = 25 });

        Assert.Equal(
            keys.OrderByDescending(key => key.Size + (key.Size < 64 ? 0 : 4)).Take(25).Select(key => key.Key),
            inspector.Biggest.Select(key => Encoding.UTF8.GetString(key.Key)));
        Assert.Empty(Inspect(file, InspectionOptions.Default with { Biggest = 0 }).Biggest);
    }

    [Fact]
    public void Values_that_cannot_be_decoded_are_counted_and_passed_over()
    {
        var file = new RdbBuilder("REDIS0010").Select(0).StringEntry("a", "v"u8);
        int offset = file.Length;
        file.Type(RdbType.SetIntset, "bad").Text("not an intset"u8).StringEntry("b", "v"u8);

        Inspector inspector = Inspect(file.End(), InspectionOptions.Default);

        Assert.Equal((1, offset), (inspector.UnsoundValues, inspector.FirstUnsoundOffsetBytes));
        Assert.Equal(3, inspector.Databases.Single().Group.Keys);
    }

    [Theory]
    [InlineData("", 1, 10, 10)]
    [InlineData(":", 0, 10, 10)]
    [InlineData(":", 17, 10, 10)]
    [InlineData(":", 1, -1, 10)]
    [InlineData(":", 1, 10, 10_001)]
    public void Options_out_of_range_are_refused(string separator, int depth, int prefixes, int biggest) => Assert.Throws<InvalidRequestException>(
        () => new Inspector(new InspectionOptions { Separator = separator, PrefixDepth = depth, MostPrefixes = prefixes, Biggest = biggest }));

    internal static Inspector Inspect(byte[] file, InspectionOptions options, int[]? cuts = null)
    {
        Inspector inspector = new(options);
        RdbReader reader = new(inspector);
        Fragmented.Feed(file, cuts ?? [], part => reader.Read(part.Span));
        reader.Complete();
        return inspector;
    }

    internal static string Describe(Inspector inspector)
    {
        StringBuilder text = new();
        void Add(object what, KeyGroup group) =>
            text.Append(CultureInfo.InvariantCulture, $"{what} {group.Keys} {group.KeysWithExpiry} {group.Bytes} {group.MemoryBytes}\n");
        foreach (var type in inspector.Types)
        {
            Add(type.What, type.Group);
        }

        foreach (var encoding in inspector.Encodings)
        {
            Add(encoding.What, encoding.Group);
        }

        foreach (var prefix in inspector.Prefixes.OrderBy(prefix => Convert.ToHexString(prefix.What), StringComparer.Ordinal))
        {
            Add(Convert.ToHexString(prefix.What), prefix.Group);
        }

        foreach (BigKey key in inspector.Biggest.Concat(inspector.MostElements))
        {
            text.Append(CultureInfo.InvariantCulture, $"{Convert.ToHexString(key.Key)} {key.Encoding} {key.Bytes} {key.Elements} {key.MemoryBytes}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{inspector.UnsoundValues} {inspector.MemoryBytes}").ToString();
    }
}
