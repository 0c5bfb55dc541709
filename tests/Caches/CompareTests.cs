using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>
/// Compare turns red: each test restores a backup, sees it equal, changes one thing on the target, and sees exactly that.
/// </summary>
[Trait("Category", "Server")]
public sealed class CompareTests
{
    private const long Expiry = RespTargetDataSet.FarExpiry;

    [Fact]
    public Task A_missing_key_is_found() => ExpectAsync(CompareDifferenceKind.Missing, 0, ["DEL", "lasting"]);

    [Fact]
    public Task A_missing_key_that_expires_later_is_found() => ExpectAsync(CompareDifferenceKind.Missing, 0, ["DEL", "expiring"]);

    [Fact]
    public Task An_extra_key_is_found() => ExpectAsync(CompareDifferenceKind.Extra, 0, ["SET", "not in the backup", "1"]);

    [Fact]
    public Task An_extra_key_that_expires_is_found() =>
        ExpectAsync(CompareDifferenceKind.Extra, 0, ["SET", "not in the backup", "1", "PXAT", Expiry]);

    [Fact]
    public Task An_extra_key_in_a_database_that_the_backup_does_not_have_is_found() =>
        ExpectAsync(CompareDifferenceKind.Extra, 11, ["SET", "not in the backup", "1"]);

    [Fact]
    public Task An_expiry_one_millisecond_off_is_found() => ExpectAsync(CompareDifferenceKind.Expiry, 0, ["PEXPIREAT", "expiring", Expiry + 1]);

    [Fact]
    public Task A_lost_expiry_is_found() => ExpectAsync(CompareDifferenceKind.Expiry, 0, ["PERSIST", "expiring"]);

    [Fact]
    public Task An_added_expiry_is_found() => ExpectAsync(CompareDifferenceKind.Expiry, 0, ["PEXPIREAT", "lasting", Expiry]);

    [Fact]
    public Task One_field_of_ten_thousand_is_found() => ExpectAsync(CompareDifferenceKind.Value, 0, ["HSET", "hash", "field 7123", "another value"]);

    [Fact]
    public Task Two_swapped_field_values_are_found() =>
        ExpectAsync(CompareDifferenceKind.Value, 0, ["HSET", "hash", "field 1", "value 2", "field 2", "value 1"]);

    [Fact]
    public Task One_pending_stream_entry_is_found() => ExpectAsync(CompareDifferenceKind.Value, 0, ["XACK", "stream", "workers", "7-1"]);

    [Fact]
    public Task One_byte_of_a_large_string_is_found() => ExpectAsync(CompareDifferenceKind.Value, 3, ["SETRANGE", "large", 1_234_567, "!"]);

    [Fact]
    public async Task A_swapped_database_is_found()
    {
        CompareReport report = await CompareAfterAsync(0, ["SWAPDB", 0, 3]);
        Assert.Contains(report.Differences, d => d is { Kind: CompareDifferenceKind.Missing, Database: 0 });
        Assert.Contains(report.Differences, d => d is { Kind: CompareDifferenceKind.Missing, Database: 3 });
        Assert.Contains(report.Differences, d => d is { Kind: CompareDifferenceKind.Extra, Database: 3 });
    }

    [Fact]
    public async Task A_changed_function_is_found()
    {
        string changed = RespTargetDataSet.Library.Replace("INCRBY", "DECRBY", StringComparison.Ordinal);
        CompareReport report = await CompareAfterAsync(0, ["FUNCTION", "LOAD", "REPLACE", changed]);
        Assert.All(report.Differences, d => Assert.Equal(CompareDifferenceKind.Function, d.Kind));

        // Once as missing where the backup has it, once as not of the backup.
        Assert.Equal([true, false], report.Differences.Select(d => d.OffsetBytes is not null));
    }

    [Fact]
    public Task An_extra_function_is_found() =>
        ExpectAsync(CompareDifferenceKind.Function, null, ["FUNCTION", "LOAD", RespTargetDataSet.Library.Replace("counters", "others", StringComparison.Ordinal).Replace("bump", "thump", StringComparison.Ordinal)]);

    [Fact]
    public async Task A_difference_says_where_and_never_what()
    {
        CompareReport report = await CompareAfterAsync(0, ["HSET", "hash", "field 7123", "another value"]);
        var mismatch = Assert.Throws<RestoreMismatchException>(report.ThrowIfDifferent);
        Assert.Contains($"at byte {report.Differences[0].OffsetBytes}", mismatch.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("7123", mismatch.Message.Replace($"{report.Differences[0].OffsetBytes}", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("field", mismatch.Message, StringComparison.Ordinal);
    }

    /// <summary>The change leads to differences of this kind in this database, and to no other.</summary>
    private static async Task ExpectAsync(CompareDifferenceKind kind, int? database, RespArgument[] change)
    {
        CompareReport report = await CompareAfterAsync(database ?? 0, change);
        CompareDifference found = report.Differences[0];
        Assert.Equal((kind, database, 1L), (found.Kind, found.Database, found.Count));
        Assert.True(kind is CompareDifferenceKind.Extra or CompareDifferenceKind.Function == found.OffsetBytes is null);

        // A key that is gone, or changed sides between keys with and without expiry, shows in the totals as well.
        Assert.All(report.Differences.Skip(1), d => Assert.True(d.OffsetBytes is null && d.Database == database, $"{d}"));
        Assert.Throws<RestoreMismatchException>(report.ThrowIfDifferent);
    }

    private static async Task<CompareReport> CompareAfterAsync(int database, RespArgument[] change)
    {
        await using RestoredCache cache = await RestoredCache.CreateAsync(CacheEngine.Redis, FillAsync);
        await cache.RestoreAsync();
        CompareReport before = await cache.CompareAsync();
        before.ThrowIfDifferent();
        Assert.Equal(before.Compared, before.Equal);
        await cache.MeddleAsync(database, change);
        return await cache.CompareAsync();
    }

    private static async Task FillAsync(ServerProcess server)
    {
        await using CacheClient client = await server.ConnectAsync();
        await RespTargetDataSet.SendAsync(
            client,
            [
                ["SET", "lasting", "value"],
                ["SET", "expiring", "value", "PXAT", Expiry],
                ["HSET", "hash", .. Enumerable.Range(0, 10_000).SelectMany(i => (RespArgument[])[$"field {i}", $"value {i}"])],
                .. Enumerable.Range(1, 20).Select(i => (RespArgument[])["XADD", "stream", $"{i}-1", "field", i]),
                ["XGROUP", "CREATE", "stream", "workers", "0"],
                ["XREADGROUP", "GROUP", "workers", "alice", "COUNT", "10", "STREAMS", "stream", ">"],
                ["FUNCTION", "LOAD", RespTargetDataSet.Library],
                ["SELECT", 3],
                ["SET", "only in 3", "value"],
                ["SET", "large", RespTargetDataSet.Noise(new Random(3), 2_000_000)],
            ]);
    }
}
