using CacheBackup.Core.Resp;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Local.Credentials;

namespace CacheBackup.Local.Demo;

/// <summary>Two servers with the same data, then one difference.</summary>
[Trait("Category", "Server")]
public sealed class CacheComparisonTests : IAsyncLifetime
{
    private const string Library = "#!lua name=lib\nredis.register_function('f', function() return 1 end)";
    private static readonly long Later = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
    private ServerProcess _one = null!;
    private ServerProcess _other = null!;

    public async ValueTask InitializeAsync()
    {
        _one = await ServerProcess.StartAsync(Core.Model.CacheEngine.Redis);
        _other = await ServerProcess.StartAsync(Core.Model.CacheEngine.Redis);
        await FillAsync(_one, 1);
        await FillAsync(_other, -1);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Equal_data_in_another_order_are_equal()
    {
        CacheComparisonReport report = await CompareAsync();

        Assert.True(report.IsEqual, report.ToString());
        Assert.Equal(2_005, report.Equal);
        Assert.Equal(1, report.Functions);
    }

    [Fact]
    public async Task Missing_key_is_found()
    {
        await ChangeAsync("DEL", "key:7");
        await IsRedAsync(new CacheComparisonReport { Missing = 1 });
    }

    [Fact]
    public async Task Extra_key_is_found()
    {
        await ChangeAsync("SET", "key:more", "x");
        await IsRedAsync(new CacheComparisonReport { Extra = 1 });
    }

    [Fact]
    public async Task Extra_key_in_a_database_that_the_first_has_not_is_found()
    {
        await ChangeAsync("COPY", "key:1", "key:1", "DB", "9");
        await IsRedAsync(new CacheComparisonReport { Extra = 1 });
    }

    [Fact]
    public async Task Expiry_that_is_a_millisecond_off_is_found()
    {
        await ChangeAsync("PEXPIREAT", "expiring", Later + 1);
        await IsRedAsync(new CacheComparisonReport { OtherExpiry = 1 });
    }

    [Fact]
    public async Task Expiry_that_is_gone_is_found()
    {
        await ChangeAsync("PERSIST", "expiring");
        await IsRedAsync(new CacheComparisonReport { OtherExpiry = 1 });
    }

    [Fact]
    public async Task One_field_of_ten_thousand_is_found()
    {
        await ChangeAsync("HSET", "hash", "field:9999", "other");
        await IsRedAsync(new CacheComparisonReport { OtherValue = 1 });
    }

    [Fact]
    public async Task Acknowledged_entry_of_a_stream_is_found()
    {
        await ChangeAsync("XACK", "stream", "group", "2-1");
        await IsRedAsync(new CacheComparisonReport { OtherValue = 1 });
    }

    [Fact]
    public async Task Key_in_another_database_is_found()
    {
        await ChangeAsync("MOVE", "key:7", "3");
        await IsRedAsync(new CacheComparisonReport { Missing = 1, Extra = 1 });
    }

    [Fact]
    public async Task Changed_function_is_found()
    {
        await ChangeAsync("FUNCTION", "LOAD", "REPLACE", Library.Replace("return 1", "return 2", StringComparison.Ordinal));
        await IsRedAsync(new CacheComparisonReport { OtherFunctions = 2 });
    }

    [Fact]
    public async Task Key_that_expires_during_the_comparison_is_no_difference()
    {
        await using CacheClient client = await _one.ConnectAsync();
        await client.RequireAsync("SET", "expiring", "soon", "PXAT", TimeProvider.System.GetUtcNow().AddMilliseconds(1).ToUnixTimeMilliseconds());
        await ChangeAsync("DEL", "expiring");

        CacheComparisonReport report = await CompareAsync();

        Assert.True(report.IsEqual, report.ToString());
    }

    private static async Task FillAsync(ServerProcess server, int direction)
    {
        await using CacheClient client = await server.ConnectAsync();
        List<RespArgument[]> commands = [["FUNCTION", "LOAD", Library], ["SET", "expiring", "x", "PXAT", Later]];
        IEnumerable<int> numbers = direction > 0 ? Enumerable.Range(0, 2_000) : Enumerable.Range(0, 2_000).Reverse();
        commands.AddRange(numbers.Select(i => new RespArgument[] { "SET", $"key:{i}", $"value {i}" }));
        numbers = direction > 0 ? Enumerable.Range(0, 10_000) : Enumerable.Range(0, 10_000).Reverse();
        commands.AddRange(numbers.Select(i => new RespArgument[] { "HSET", "hash", $"field:{i}", $"value {i}" }));
        commands.AddRange(
        [
            ["RPUSH", "list", "a", "b"],
            ["XADD", "stream", "1-1", "a", "b"],
            ["XADD", "stream", "2-1", "a", "b"],
            ["XGROUP", "CREATE", "stream", "group", "0"],
            ["XREADGROUP", "GROUP", "group", "me", "STREAMS", "stream", ">"],
            ["XCLAIM", "stream", "group", "me", "0", "1-1", "2-1", "TIME", "1700000000000", "RETRYCOUNT", "3", "JUSTID"],
            ["SELECT", "4"],
            ["SADD", "set in another database", "1", "2", "x"],
        ]);
        RespReply[] replies = await client.SendManyAsync(commands);
        Assert.DoesNotContain(replies, reply => reply.IsError);
    }

    private async Task ChangeAsync(params RespArgument[] command)
    {
        await using CacheClient client = await _other.ConnectAsync();
        await client.RequireAsync(command);
    }

    private async Task IsRedAsync(CacheComparisonReport differences)
    {
        CacheComparisonReport report = await CompareAsync();
        Assert.False(report.IsEqual);
        Assert.Equal(differences, report with { Compared = 0, Equal = 0, Expired = 0, Functions = 0 });
    }

    private Task<CacheComparisonReport> CompareAsync() =>
        new CacheComparison(_one.Address, _other.Address, new LocalCredentials(), TimeProvider.System).RunAsync(null, CancellationToken.None);
}
