using CacheBackup.Caches.Replication;
using CacheBackup.Caches.Scan;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Replication;

public sealed class ReplicationFitTests
{
    private static readonly SliceLimit OneCall = new() { Time = TimeSpan.FromSeconds(900) };

    [Theory]
    [InlineData(21_000_000_000, 5, null, null, true)]
    [InlineData(21_400_000_000, 5, null, null, true)]
    [InlineData(21_400_000_001, 5, null, null, false)]
    [InlineData(21_400_000_000, 6, null, null, false)]
    [InlineData(1_000_000, 5, 21_500_000_000, null, false)]
    [InlineData(60_000_000_000, 0, 50_000_000_000, 112_000_000.0, true)]
    [InlineData(60_000_000_000, 0, 50_000_000_000, 111_000_000.0, false)]
    public void It_fits_into_three_fifths_of_the_time_by_what_is_known(long bytes, int delay, long? lastBytes, double? rate, bool fits)
    {
        ShardTransfer? last = lastBytes is { } size ? new ShardTransfer(size, rate) : null;
        string? refusal = ReplicationFit.FindRefusal(bytes, TimeSpan.FromSeconds(delay), OneCall with { Last = last });
        Assert.Equal(fits, refusal is null);
    }

    [Fact]
    public void Without_a_limit_everything_fits() => Assert.Null(ReplicationFit.FindRefusal(long.MaxValue, TimeSpan.Zero, SliceLimit.None));

    [Fact]
    public void The_refusal_says_the_numbers() => Assert.Equal(
        "Replication of about 100.0 GB would take about 2,505 s, more than 60 % of the 900 s of one call.",
        ReplicationFit.FindRefusal(100_000_000_000, TimeSpan.FromSeconds(5), OneCall));

    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    [Trait("Category", "Server")]
    public async Task What_will_not_fit_is_scanned_which_is_said_before_the_first_byte_and_refused_where_it_is_forced(CacheEngine engine)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerOptions { Engine = engine, Configuration = ["repl-diskless-sync-delay 0"] });
        await using CacheClient client = await server.ConnectAsync();
        await client.RequireAsync("SET", "key", "value");
        var streaming = new StreamingSource(server.Address, server.Address, KnownPassword.Instance, ReplicationOptions.Default, ScanOptions.Default, TimeProvider.System);
        await using (SnapshotTransfer fits = await streaming.OpenAsync(OneCall, null, default))
        {
            Assert.StartsWith("replication", fits.Origin.Method, StringComparison.Ordinal);
        }

        SliceLimit small = OneCall with { Last = new ShardTransfer(100_000_000_000) };
        await using (SnapshotTransfer scanned = await streaming.OpenAsync(small, null, default))
        {
            Assert.StartsWith("scan (Replication of about 100.0 GB", scanned.Origin.Method, StringComparison.Ordinal);
        }

        var forced = new ReplicationSource(server.Address, KnownPassword.Instance, ReplicationOptions.Default, TimeProvider.System);
        var refused = await Assert.ThrowsAsync<ReplicationRefusedException>(() => forced.OpenAsync(small, null, default));
        Assert.Contains("Let the method be chosen", refused.Message, StringComparison.Ordinal);

        // The server's own word for how long it waits for other replicas counts.
        await client.RequireAsync("CONFIG", "SET", "repl-diskless-sync-delay", "541");
        await Assert.ThrowsAsync<ReplicationRefusedException>(() => forced.OpenAsync(OneCall, null, default));
    }
}
