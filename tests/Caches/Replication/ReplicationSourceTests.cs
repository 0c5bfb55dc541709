using System.IO.Pipelines;
using System.Text;
using CacheBackup.Caches.Replication;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Caches.Tests.Replication;

/// <summary>The source on scripted nodes: what real servers seldom do.</summary>
public sealed class ReplicationSourceTests
{
    private const string UnknownCommand = "-ERR unknown command 'PSYNC', with args beginning with: '?' '-1' \r\n";
    private const string NoPermission = "-NOPERM this user has no permissions to run the 'psync' command\r\n";
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("REDIS0010 the content of a small transfer");

    public static TheoryData<bool> Media => [true, false];

    [Theory]
    [MemberData(nameof(Media))]
    public async Task It_asks_for_the_data_once_and_sends_nothing_afterwards(bool isDiskless)
    {
        await using FakeCacheServer server = FakeCacheServer.Start(new FakeSource { Rdb = Content, IsDiskless = isDiskless });
        Assert.Equal(Content, await TakeAsync(server));
        await UntilClosedAsync(server);
        Assert.Equal(1, server.Connections);
        Assert.Equal(["REPLCONF capa eof", "REPLCONF rdb-only 1", "INFO server", "TIME", "PSYNC ? -1"], server.Commands);
    }

    [Theory]
    [MemberData(nameof(Media))]
    public async Task Origin_tells_engine_time_and_method(bool isDiskless)
    {
        await using FakeCacheServer server = FakeCacheServer.Start(new FakeSource { Rdb = Content, IsDiskless = isDiskless });
        await using SnapshotTransfer transfer = await Source(server).OpenAsync(default);
        Assert.Equal(CacheEngine.Redis, transfer.Origin.Engine);
        Assert.Equal(new CacheVersion(7, 0, 15), transfer.Origin.Version);
        Assert.Equal("0123456789abcdef0123456789abcdef01234567", transfer.Origin.RunId);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250), transfer.Origin.ServerTime);
        Assert.True(transfer.Origin.ClockOffset < TimeSpan.FromDays(-300));
        Assert.Equal(SnapshotConsistency.PointInTime, transfer.Origin.Consistency);
        Assert.Equal(isDiskless ? "replication (diskless, rdb-only)" : "replication (disk-backed, rdb-only)", transfer.Origin.Method);
        Assert.Equal(isDiskless ? null : Content.Length, transfer.LengthBytes);
    }

    [Theory]
    [MemberData(nameof(Media))]
    public async Task A_node_that_does_not_know_rdb_only_is_taken_without_it(bool isDiskless)
    {
        // The node stays open and silent behind the data, as one does that waits for an ACK.
        await using FakeCacheServer server = FakeCacheServer.Start(new FakeSource
        {
            Rdb = Content,
            IsDiskless = isDiskless,
            ClosesAtEnd = false,
            Replies = new Dictionary<string, string> { ["REPLCONF rdb-only"] = "-ERR Unrecognized REPLCONF option: rdb-only\r\n" },
        });
        await using SnapshotTransfer transfer = await Source(server).OpenAsync(default);
        Assert.EndsWith("without rdb-only)", transfer.Origin.Method, StringComparison.Ordinal);
        Assert.Equal(Content, await Drain.AllAsync(transfer.Content));
        await UntilClosedAsync(server);
        Assert.Equal("PSYNC ? -1", server.Commands[^1]);
    }

    [Theory]
    [MemberData(nameof(Media))]
    public async Task The_connection_is_closed_when_all_has_arrived_and_before_all_is_taken(bool isDiskless)
    {
        var time = new FakeTimeProvider();
        await using FakeCacheServer server = FakeCacheServer.Start(new FakeSource { Rdb = Content, IsDiskless = isDiskless, ClosesAtEnd = false });
        await using SnapshotTransfer transfer = await Source(server, time: time).OpenAsync(default);
        ReadResult result = await transfer.Content.ReadAsync();
        while (!result.IsCompleted)
        {
            transfer.Content.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            ValueTask<ReadResult> next = transfer.Content.ReadAsync();
            time.Advance(ReplicationOptions.Default.EndMarkSilence);
            result = await next;
        }

        transfer.Content.AdvanceTo(result.Buffer.Start);
        await UntilClosedAsync(server);
        Assert.Equal(Content, await Drain.InBitesAsync(transfer.Content, 7));
    }

    [Fact]
    public async Task A_node_that_renamed_REPLCONF_is_taken_without_it()
    {
        await using FakeCacheServer server = FakeCacheServer.Start(new FakeSource
        {
            Rdb = Content,
            Replies = new Dictionary<string, string> { ["REPLCONF"] = "-ERR unknown command 'REPLCONF'\r\n" },
        });
        Assert.Equal(Content, await TakeAsync(server));
    }

    [Theory]
    [InlineData(UnknownCommand)]
    [InlineData(NoPermission)]
    public async Task SYNC_is_asked_where_PSYNC_is_refused(string refusal)
    {
        await using FakeCacheServer server = FakeCacheServer.Start(new FakeSource
        {
            Rdb = Content,
            IsDiskless = true,
            KeepAlives = 2,
            Replies = new Dictionary<string, string> { ["PSYNC"] = refusal },
        });
        await using SnapshotTransfer transfer = await Source(server).OpenAsync(default);
        Assert.Equal("replication by SYNC (diskless, rdb-only)", transfer.Origin.Method);
        Assert.Equal(Content, await Drain.AllAsync(transfer.Content));
        Assert.Equal(["PSYNC ? -1", "SYNC"], server.Commands.TakeLast(2));
    }

    [Fact]
    public async Task A_node_that_refuses_both_is_told_apart_with_both_reasons()
    {
        await using FakeCacheServer server = FakeCacheServer.Start(new FakeSource
        {
            Replies = new Dictionary<string, string> { ["PSYNC"] = NoPermission, ["SYNC"] = UnknownCommand },
        });
        var refused = await Assert.ThrowsAsync<ReplicationRefusedException>(() => Source(server).OpenAsync(default));
        Assert.Contains("PSYNC was refused (NOPERM)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("SYNC as well (unknown command)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("+psync", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PSYNC", "-LOADING Redis is loading the dataset in memory\r\n", typeof(CacheLoadingException))]
    [InlineData("PSYNC", "-NOMASTERLINK Can't SYNC while not connected with my master\r\n", typeof(CacheLoadingException))]
    [InlineData("PSYNC", "-MASTERDOWN Link with MASTER is down\r\n", typeof(CacheLoadingException))]
    [InlineData("PSYNC", "-BUSY Redis is busy running a script\r\n", typeof(CacheUnreachableException))]
    [InlineData("PSYNC", "-NOAUTH Authentication required.\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("PSYNC", "+CONTINUE\r\n", typeof(CacheProtocolException))]
    [InlineData("PSYNC", "HTTP/1.1 400 Bad Request\r\n", typeof(CacheProtocolException))]
    [InlineData("PSYNC", "$12\r\n", typeof(CacheProtocolException))]
    [InlineData("PSYNC", "+FULLRESYNC x 0\r\n$EOF:tooshort\r\n", typeof(CacheProtocolException))]
    [InlineData("PSYNC", "+FULLRESYNC x 0\r\n$-1\r\n", typeof(CacheProtocolException))]
    [InlineData("PSYNC", "+FULLRESYNC x 0\r\n$\r\n", typeof(CacheProtocolException))]
    [InlineData("PSYNC", "+FULLRESYNC x 0\r\n$99999999999999999999\r\n", typeof(CacheProtocolException))]
    [InlineData("PSYNC", "+FULLRESYNC x 0\r\n-ERR BGSAVE failed, replication can't continue\r\n", typeof(TransferCutException))]
    [InlineData("PSYNC", "+FULLRESYNC x 0\r\n-LOADING now\r\n", typeof(CacheLoadingException))]
    [InlineData("INFO", "-LOADING Redis is loading the dataset in memory\r\n", typeof(CacheLoadingException))]
    [InlineData("INFO", "-NOPERM this user has no permissions to run the 'info' command\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("INFO", ":1\r\n", typeof(CacheProtocolException))]
    [InlineData("INFO", "$0\r\n\r\n", typeof(CacheProtocolException))]
    [InlineData("TIME", "-NOPERM this user has no permissions to run the 'time' command\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("TIME", "*2\r\n$1\r\nx\r\n$1\r\n0\r\n", typeof(CacheProtocolException))]
    [InlineData("TIME", "*1\r\n:1\r\n", typeof(CacheProtocolException))]
    [InlineData("REPLCONF", "-NOPERM this user has no permissions to run the 'replconf' command\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("REPLCONF", "-NOAUTH Authentication required.\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("REPLCONF", "garbage\r\n", typeof(CacheProtocolException))]
    public async Task What_the_node_answers_decides_the_error(string command, string reply, Type expected)
    {
        await using FakeCacheServer server = FakeCacheServer.Start(new FakeSource { Replies = new Dictionary<string, string> { [command] = reply } });
        Exception thrown = await Assert.ThrowsAsync(expected, () => Source(server).OpenAsync(default));
        Assert.Contains(server.Endpoint.ToString(), thrown.Message, StringComparison.Ordinal);
        if (expected == typeof(CacheAccessDeniedException) && reply.StartsWith("-NOPERM", StringComparison.Ordinal))
        {
            Assert.Contains("+" + command.ToLowerInvariant(), thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Media))]
    public async Task A_transfer_that_is_reset_at_any_byte_is_cut(bool isDiskless)
    {
        var source = new FakeSource { Rdb = Content, IsDiskless = isDiskless, KeepAlives = 2 };
        for (int at = 0; at < source.Transfer.Length; at++)
        {
            await using FakeCacheServer server = FakeCacheServer.Start(source with { ResetAfterBytes = at });
            await Assert.ThrowsAsync<TransferCutException>(() => TakeAsync(server));
        }
    }

    [Theory]
    [MemberData(nameof(Media))]
    public async Task A_transfer_that_is_closed_at_any_byte_is_cut(bool isDiskless)
    {
        var source = new FakeSource { Rdb = Content, IsDiskless = isDiskless, KeepAlives = 2 };
        for (int at = 0; at < source.Transfer.Length; at++)
        {
            await using FakeCacheServer server = FakeCacheServer.Start(source with { CloseAfterBytes = at });
            await Assert.ThrowsAsync<TransferCutException>(() => TakeAsync(server));
        }
    }

    [Theory]
    [MemberData(nameof(Media))]
    public async Task A_transfer_that_trickles_byte_by_byte_arrives(bool isDiskless)
    {
        var source = new FakeSource { Rdb = Content, IsDiskless = isDiskless, KeepAlives = 5, PieceBytes = 1, PauseBetweenPieces = TimeSpan.FromMilliseconds(1) };
        await using FakeCacheServer server = FakeCacheServer.Start(source);
        Assert.Equal(Content, await TakeAsync(server));
    }

    [Theory]
    [MemberData(nameof(Media))]
    public async Task A_transfer_that_stalls_is_given_up(bool isDiskless)
    {
        var source = new FakeSource { Rdb = Content, IsDiskless = isDiskless, KeepAlives = 2 };
        int headLength = source.Transfer.AsSpan().IndexOf(Content);
        foreach (int at in (int[])[0, 2, 20, headLength - 1, headLength, headLength + 5, source.Transfer.Length - 1])
        {
            await using FakeCacheServer server = FakeCacheServer.Start(source with { StallAfterBytes = at });
            ReplicationOptions options = ReplicationOptions.Default with { StallTimeout = TimeSpan.FromMilliseconds(150) };
            var stalled = await Assert.ThrowsAsync<TransferStalledException>(() => TakeAsync(server, options));
            Assert.Contains("0.15 s", stalled.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Keep_alives_are_life()
    {
        // Three seconds of newlines, on a patience of two.
        var source = new FakeSource { Rdb = Content, KeepAlives = 15, PieceBytes = 1, PauseBetweenPieces = TimeSpan.FromMilliseconds(200), TrickleBytes = 15 };
        await using FakeCacheServer server = FakeCacheServer.Start(source);
        ReplicationOptions options = ReplicationOptions.Default with { StallTimeout = TimeSpan.FromSeconds(2) };
        Assert.Equal(Content, await TakeAsync(server, options));
    }

    [Fact]
    public async Task A_wrong_end_mark_is_a_cut()
    {
        var source = new FakeSource { Rdb = Content, IsDiskless = true, SentEndMark = FakeSource.DefaultEndMark[..39] + "8" };
        await using FakeCacheServer server = FakeCacheServer.Start(source);
        await Assert.ThrowsAsync<TransferCutException>(() => TakeAsync(server));
    }

    [Fact]
    public async Task Bytes_behind_an_announced_length_are_not_content()
    {
        // What a primary without rdb-only sends next: its stream of commands.
        await using FakeCacheServer server = FakeCacheServer.Start(async connection =>
        {
            for (int i = 0; i < 4; i++)
            {
                _ = await connection.ReadCommandAsync();
                await connection.SendAsync(i switch { 2 => $"${FakeSource.Information.Length}\r\n{FakeSource.Information}\r\n", 3 => "*2\r\n:1700000000\r\n:0\r\n", _ => "+OK\r\n" });
            }

            _ = await connection.ReadCommandAsync();
            await connection.SendAsync($"+FULLRESYNC x 0\r\n${Content.Length}\r\n{Encoding.ASCII.GetString(Content)}*1\r\n$4\r\nPING\r\n");
            await connection.ListenAsync();
        });
        Assert.Equal(Content, await TakeAsync(server));
    }

    [Fact]
    public async Task A_transfer_can_be_cancelled_at_any_moment()
    {
        var source = new FakeSource { Rdb = Content, IsDiskless = true };
        foreach (int at in (int[])[0, 10, source.Transfer.Length - 45])
        {
            await using FakeCacheServer server = FakeCacheServer.Start(source with { StallAfterBytes = at });
            using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TakeAsync(server, cancellationToken: cancellation.Token));
        }
    }

    private static async Task<byte[]> TakeAsync(FakeCacheServer server, ReplicationOptions? options = null, CancellationToken cancellationToken = default)
    {
        await using SnapshotTransfer transfer = await Source(server, options).OpenAsync(cancellationToken);
        return await Drain.AllAsync(transfer.Content, cancellationToken);
    }

    private static ReplicationSource Source(FakeCacheServer server, ReplicationOptions? options = null, TimeProvider? time = null) =>
        new(server.Address, KnownPassword.Instance, options ?? ReplicationOptions.Default, time ?? TimeProvider.System);

    private static async Task UntilClosedAsync(FakeCacheServer server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        while (server.OpenConnections > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }
}
