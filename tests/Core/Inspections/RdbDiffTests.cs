using System.Text;
using CacheBackup.Core.Inspections;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Rewrites;
using CacheBackup.Core.Tests.Rdb;
using CacheBackup.Core.Tests.Rewrites;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Snapshots;

namespace CacheBackup.Core.Tests.Inspections;

public sealed class RdbDiffTests
{
    private const string Library = "#!lua name=lib\nredis.register_function('f', function() return 1 end)";

    [Fact]
    public async Task Every_kind_of_difference_is_counted_by_database_and_prefix()
    {
        byte[] a = new RdbBuilder("REDIS0010")
            .Select(0).StringEntry("user:same", "1"u8).StringEntry("user:gone", "1"u8).StringEntry("user:value", "1"u8)
            .StringEntry("user:type", "1"u8).Expire(1_000).StringEntry("user:expiry", "1"u8).Expire(1_000).StringEntry("order:never", "1"u8)
            .Select(2).StringEntry("user:same", "1"u8).End();
        byte[] b = new RdbBuilder("REDIS0011")
            .Select(2).StringEntry("user:same", "2"u8)
            .Select(0).StringEntry("order:never", "1"u8).Expire(1_001).StringEntry("user:expiry", "1"u8)
            .Type(RdbType.Set, "user:type").Number(1).Text("1").Expire(5).StringEntry("user:value", "2"u8)
            .StringEntry("user:same", "1"u8).StringEntry("new", "1"u8).End();

        DiffReport report = await DiffAsync(a, b, DiffOptions.Default with { Examples = 10 });

        Assert.False(report.IsEqual);
        Assert.Equal("1 equal, 1 1 1 2 2", Describe(report.Total));
        Assert.Equal(["0: 1 equal, 1 1 1 1 2", "2: 0 equal, 0 0 0 1 0"], report.Databases.Select(database => $"{database.What}: {Describe(database.Group)}"));
        Assert.Equal(
            [": 0 equal, 1 0 0 0 0", "order:: 0 equal, 0 0 0 0 1", "user:: 1 equal, 0 1 1 2 1"],
            report.Prefixes.Select(prefix => $"{Encoding.UTF8.GetString(prefix.What)}: {Describe(prefix.Group)}").Order(StringComparer.Ordinal));
        List<string> named = [];
        foreach (DiffExample example in report.Examples)
        {
            using var file = new MemoryStream(example.Kind == DiffKind.Removed ? a : b);
            named.Add($"{example.Kind} {example.Database} {Encoding.UTF8.GetString(await KeyAt.ReadAsync(file, RdbWriterTests.Parse("REDIS0011"), example.OffsetBytes, default))}");
        }

        Assert.Equal(
            ["Added 0 new", "Removed 0 user:gone", "TypeChanged 0 user:type", "ValueChanged 2 user:same", "ValueChanged 0 user:value", "ExpiryChanged 0 order:never", "ExpiryChanged 0 user:expiry"],
            named);
    }

    [Fact]
    public async Task A_file_equals_itself_written_anew_and_differs_from_the_next()
    {
        byte[]? last = null;
        foreach (var (fixture, bytes) in RdbFixtures.Good(200_000).Where(file => file.Fixture.Keys > 0))
        {
            byte[] anew = await Rewriting.WholeAsync(bytes, new RewriteOptions { Route = new WholeRoute(), DropModuleData = true });
            Assert.True((await DiffAsync(bytes, anew)).IsEqual, fixture.File);
            if (last is not null)
            {
                DiffReport report = await DiffAsync(last, bytes);
                Assert.Equal(RdbContent.Of(last).Entries.Keys.Except(RdbContent.Of(bytes).Entries.Keys).LongCount(), report.Total[DiffKind.Removed]);
                Assert.Equal(RdbContent.Of(bytes).Entries.Keys.Except(RdbContent.Of(last).Entries.Keys).LongCount(), report.Total[DiffKind.Added]);
            }

            last = bytes;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1L << 30)]
    public async Task Many_keys_are_compared_with_little_memory_as_with_much(long memoryBytes)
    {
        const int Keys = 300_000;
        byte[] a = SampleRdb.File(Enumerable.Range(0, Keys).Select(i => new SampleEntry($"k:{i}", "v")));
        byte[] b = SampleRdb.File(Enumerable.Range(0, Keys).Reverse().Where(i => i % 1_000 != 3).Select(i => new SampleEntry($"k:{i}", i % 100 == 7 ? "w" : "v")).Append(new SampleEntry("more", "v")));
        using var directory = new TemporaryDirectory();
        var options = DiffOptions.Default with { Examples = 5, Records = new KeyedRecordsOptions { MemoryBytes = memoryBytes, Directory = directory.Path } };

        DiffReport report = await DiffAsync(a, b, options);

        Assert.Equal($"{Keys - 300 - 3_000} equal, 1 300 0 3000 0", Describe(report.Total));
        Assert.Equal(memoryBytes == 0, report.UsedDisk);
        Assert.Equal(11, report.Examples.Count);
        Assert.Empty(Directory.GetFiles(directory.Path));
    }

    [Fact]
    public async Task Functions_are_compared_by_their_code()
    {
        byte[] with = SampleRdb.File([], Library);
        byte[] other = SampleRdb.File([], Library + "\n");
        byte[] without = SampleRdb.File([]);

        Assert.True((await DiffAsync(with, with)).IsEqual);
        Assert.Equal(2, (await DiffAsync(with, other)).DifferingFunctions);
        Assert.Equal(1, (await DiffAsync(without, other)).DifferingFunctions);
        Assert.False((await DiffAsync(without, other)).IsEqual);
    }

    [Fact]
    public async Task Damaged_file_is_named_by_its_name()
    {
        byte[] damaged = SampleRdb.File(10, 10);
        damaged[50] ^= 1;
        var e = await Assert.ThrowsAsync<RewriteRefusedException>(() => DiffAsync(SampleRdb.File(10, 10), damaged));
        Assert.StartsWith("B.rdb", e.Message, StringComparison.Ordinal);
    }

    private static Task<DiffReport> DiffAsync(byte[] a, byte[] b, DiffOptions? options = null) => new RdbDiff(options ?? DiffOptions.Default)
        .RunAsync(new RewriteInput("A.rdb", new MemoryStream(a)), new RewriteInput("B.rdb", new MemoryStream(b)), null, default);

    private static string Describe(DiffCounts counts) =>
        $"{counts.Equal} equal, {string.Join(' ', Enum.GetValues<DiffKind>().Select(kind => counts[kind]))}";
}
