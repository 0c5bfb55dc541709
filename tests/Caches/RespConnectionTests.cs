using System.Buffers;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Caches.Tests;

/// <summary>The connection on scripted peers and on streams that fragment at will.</summary>
public sealed class RespConnectionTests
{
    private const string Password = KnownPassword.Default;
    private static readonly RespConnectionOptions Impatient = new()
    {
        ConnectTimeout = TimeSpan.FromMilliseconds(300),
        StallTimeout = TimeSpan.FromMilliseconds(300),
    };

    [Fact]
    public async Task A_bulk_streams_the_same_however_it_arrives()
    {
        byte[] value = Encoding.ASCII.GetBytes("a value with \r\n in it and $5\r\n as well");
        byte[] wire = [.. Encoding.ASCII.GetBytes($"${value.Length}\r\n"), .. value, .. "\r\n+NEXT\r\n"u8];
        for (int piece = 1; piece <= wire.Length; piece++)
        {
            foreach (Func<System.IO.Pipelines.PipeReader, Task<byte[]>> drain in (Func<System.IO.Pipelines.PipeReader, Task<byte[]>>[])
                [r => Drain.AllAsync(r), r => Drain.InBitesAsync(r, 3), r => Drain.AtTheEndAsync(r)])
            {
                await using RespConnection connection = Over(wire, piece);
                RespReplyHead head = await connection.ReadHeadAsync(default);
                Assert.Equal(value.Length, head.LengthBytes);
                Assert.Equal(value, await drain(head.Body!));
                Assert.Equal("NEXT", await TextAsync(connection));
            }
        }
    }

    [Theory]
    [InlineData("$-1\r\n", RespKind.Nil)]
    [InlineData("-ERR no\r\n", RespKind.Error)]
    [InlineData("*2\r\n$1\r\na\r\n:1\r\n", RespKind.Array)]
    public async Task Another_reply_in_place_of_a_bulk_comes_whole(string reply, RespKind kind)
    {
        byte[] wire = Encoding.ASCII.GetBytes(reply + "+NEXT\r\n");
        for (int piece = 1; piece <= wire.Length; piece++)
        {
            await using RespConnection connection = Over(wire, piece);
            RespReplyHead head = await connection.ReadHeadAsync(default);
            Assert.Null(head.Body);
            Assert.Equal(kind, head.Reply.Kind);
            Assert.Equal("NEXT", await TextAsync(connection));
        }
    }

    [Fact]
    public async Task An_empty_bulk_streams_as_nothing()
    {
        await using RespConnection connection = Over("$0\r\n\r\n+NEXT\r\n"u8.ToArray(), 1);
        RespReplyHead head = await connection.ReadHeadAsync(default);
        Assert.Empty(await Drain.AllAsync(head.Body!));
        Assert.Equal("NEXT", await TextAsync(connection));
    }

    [Fact]
    public async Task A_body_that_has_arrived_is_read_without_waiting_for_more()
    {
        byte[] wire = "$8\r\n01234567\r\n"u8.ToArray();
        foreach (Func<System.IO.Pipelines.PipeReader, Task<byte[]>> drain in (Func<System.IO.Pipelines.PipeReader, Task<byte[]>>[])
            [r => Drain.AllAsync(r), r => Drain.InBitesAsync(r, 3), r => Drain.AtTheEndAsync(r)])
        {
            await using RespConnection connection = On(new FragmentedStream([wire], FragmentedStream.Ending.Silence), RespConnectionOptions.Default, TimeProvider.System);
            RespReplyHead head = await connection.ReadHeadAsync(default);
            Assert.Equal(8, (await drain(head.Body!).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System)).Length);
        }
    }

    [Fact]
    public async Task A_body_must_be_read_before_the_next_reply()
    {
        await using RespConnection connection = Over("$3\r\nabc\r\n+NEXT\r\n"u8.ToArray(), 100);
        _ = await connection.ReadHeadAsync(default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => TextAsync(connection));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await connection.ReadHeadAsync(default));
        Assert.Throws<InvalidOperationException>(() => connection.TryReadReply(out _));
    }

    [Fact]
    public async Task A_body_that_is_cut_is_a_lost_connection()
    {
        byte[] wire = "$10\r\n0123456789\r\n"u8.ToArray();
        for (int length = 0; length < wire.Length; length++)
        {
            await using RespConnection connection = Over(wire[..length], 4);
            await Assert.ThrowsAsync<CacheUnreachableException>(async () =>
            {
                RespReplyHead head = await connection.ReadHeadAsync(default);
                await Drain.AllAsync(head.Body!);
            });
        }
    }

    [Fact]
    public async Task A_value_beyond_the_limit_is_refused_whole_and_streams_all_the_same()
    {
        var options = new RespConnectionOptions { Limits = new RespLimits { ReplyBytes = 100 } };
        byte[] wire = Encoding.ASCII.GetBytes("$101\r\n" + new string('x', 101) + "\r\n");
        await using RespConnection whole = Over(wire, 50, options);
        await Assert.ThrowsAsync<CacheProtocolException>(() => TextAsync(whole));
        await using RespConnection streamed = Over(wire, 50, options);
        Assert.Equal(101, (await Drain.AllAsync((await streamed.ReadHeadAsync(default)).Body!)).Length);
    }

    [Fact]
    public async Task Only_what_has_arrived_is_read_without_waiting()
    {
        var stream = new FragmentedStream([Encoding.ASCII.GetBytes("+A\r\n+B\r\n+C")], FragmentedStream.Ending.Silence);
        await using RespConnection connection = On(stream, RespConnectionOptions.Default, TimeProvider.System);
        Assert.False(connection.TryReadReply(out _));
        Assert.Equal("A", await TextAsync(connection));
        Assert.True(connection.TryReadReply(out RespReply second));
        Assert.True(second.TryGetText(out string text));
        Assert.Equal("B", text);
        Assert.False(connection.TryReadReply(out _));
    }

    [Fact]
    public async Task Replies_that_are_ok_are_taken_together_up_to_the_first_that_is_not()
    {
        var stream = new FragmentedStream([Encoding.ASCII.GetBytes("+FIRST\r\n+OK\r\n+OK\r\n+OK\r\n-OOM full\r\n+OK\r\n+O")], FragmentedStream.Ending.Silence);
        await using RespConnection connection = On(stream, RespConnectionOptions.Default, TimeProvider.System);
        Assert.Equal(0, connection.TakeRepeated(RespReplyReader.OkLine, 10));
        Assert.Equal("FIRST", await TextAsync(connection));
        Assert.Equal(2, connection.TakeRepeated(RespReplyReader.OkLine, 2));
        Assert.Equal(1, connection.TakeRepeated(RespReplyReader.OkLine, 10));
        Assert.Equal(0, connection.TakeRepeated(RespReplyReader.OkLine, 10));
        Assert.True((await connection.ReadReplyAsync(default)).IsError);
        Assert.Equal(1, connection.TakeRepeated(RespReplyReader.OkLine, 10));
        Assert.Equal(0, connection.TakeRepeated(RespReplyReader.OkLine, 10));
        Assert.False(connection.TryReadReply(out _));
    }

    [Fact]
    public async Task Commands_are_written_and_counted()
    {
        var stream = new FragmentedStream([Encoding.ASCII.GetBytes("+OK\r\n+OK\r\n+OK\r\n")], FragmentedStream.Ending.Close);
        await using RespConnection connection = On(stream, RespConnectionOptions.Default, TimeProvider.System);
        Assert.True(connection.WriteSelect(5));
        Assert.False(connection.WriteSelect(5));
        Assert.Equal(5, connection.Database);
        connection.BeginCommand(2).WriteBulk("GET"u8);
        connection.BeginBulk(4);
        Assert.Throws<InvalidOperationException>(() => connection.Write(new RespCommand("PING")));
        Assert.Throws<InvalidOperationException>(connection.EndBulk);
        await connection.WriteFragmentAsync("ke"u8.ToArray(), default);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await connection.WriteFragmentAsync("y12"u8.ToArray(), default));
        await connection.WriteFragmentAsync("y1"u8.ToArray(), default);
        connection.EndBulk();
        Assert.Equal(2, connection.UnflushedBytes);
        await connection.FlushAsync(default);
        Assert.Equal("*2\r\n$6\r\nSELECT\r\n$1\r\n5\r\n*2\r\n$3\r\nGET\r\n$4\r\nkey1\r\n", Encoding.ASCII.GetString(stream.Written));
        Assert.Equal(2, connection.AwaitedReplies);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await connection.SendAsync(new RespCommand("PING"), default));
        _ = await TextAsync(connection);
        _ = await TextAsync(connection);
        Assert.True((await connection.SendAsync(new RespCommand("PING"), default)).IsOk);
        Assert.Equal(0, connection.AwaitedReplies);
    }

    [Fact]
    public async Task Silence_while_a_reply_is_due_loses_the_connection_and_idleness_does_not()
    {
        var time = new FakeTimeProvider();
        var stream = new FragmentedStream([Encoding.ASCII.GetBytes("+A\r\n")], FragmentedStream.Ending.Silence);
        await using RespConnection connection = On(stream, RespConnectionOptions.Default, time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("A", await TextAsync(connection));
        time.Advance(TimeSpan.FromSeconds(90));
        Task<string> next = TextAsync(connection);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var lost = await Assert.ThrowsAsync<CacheUnreachableException>(() => next);
        Assert.Contains("60 s", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_loses_the_connection()
    {
        await using FakeCacheServer peer = FakeCacheServer.Start(connection => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.End));
        await using RespConnection connection = await ConnectAsync(peer.Address, Impatient with { ConnectTimeout = TimeSpan.FromSeconds(10) });
        connection.BeginCommand(1);
        connection.BeginBulk(1L << 30);
        byte[] fragment = new byte[1 << 20];
        var lost = await Assert.ThrowsAsync<CacheUnreachableException>(async () =>
        {
            for (int i = 0; i < 1024; i++)
            {
                await connection.WriteFragmentAsync(fragment, default);
            }
        });
        Assert.Contains("took none", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_the_cache_is_unreachable()
    {
        FakeCacheServer gone = FakeCacheServer.Start(_ => Task.CompletedTask);
        CacheAddress address = gone.Address;
        await gone.DisposeAsync();
        var refused = await Assert.ThrowsAsync<CacheUnreachableException>(() => ConnectAsync(address));
        Assert.Contains(address.Endpoint.ToString(), refused.Message, StringComparison.Ordinal);
        CacheAddress unknown = new() { Endpoint = new CacheEndpoint("no-such-host.invalid", 6379) };
        await Assert.ThrowsAsync<CacheUnreachableException>(() => ConnectAsync(unknown));
    }

    [Fact]
    public async Task A_peer_that_never_answers_AUTH_is_unreachable_in_time()
    {
        await using FakeCacheServer peer = FakeCacheServer.Start(connection => connection.ListenAsync());
        // The other limit is out of reach: which of two equal ones is noticed first is chance.
        RespConnectionOptions options = new() { ConnectTimeout = Impatient.ConnectTimeout };
        var late = await Assert.ThrowsAsync<CacheUnreachableException>(() => ConnectAsync(WithPassword(peer), options));
        Assert.Contains("within 0.3 s", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_cancelled_is_cancelled_and_not_unreachable()
    {
        await using FakeCacheServer peer = FakeCacheServer.Start(connection => connection.ListenAsync());
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            RespConnection.ConnectAsync(WithPassword(peer), KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, cancellation.Token));
    }

    [Theory]
    [InlineData(null, "AUTH " + Password)]
    [InlineData("backup", "AUTH backup " + Password)]
    public async Task AUTH_is_sent_once_with_the_user_if_there_is_one(string? user, string expected)
    {
        await using FakeCacheServer peer = FakeCacheServer.Start(AnswerAsync("+OK\r\n"));
        await using RespConnection connection = await ConnectAsync(WithPassword(peer) with { Username = user });
        Assert.Equal([expected], peer.Commands);
    }

    [Theory]
    [InlineData("-WRONGPASS invalid username-password pair or user is disabled.\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("-ERR invalid password\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("-ERR Client sent AUTH, but no password is set\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("-ERR wrong number of arguments for 'auth' command\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("-NOPERM this user has no permissions to run the 'auth' command\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("-DENIED Redis is running in protected mode because protected mode is enabled\r\n", typeof(CacheAccessDeniedException))]
    [InlineData("-LOADING Redis is loading the dataset in memory\r\n", typeof(CacheLoadingException))]
    [InlineData("-ERR max number of clients reached\r\n", typeof(CacheUnreachableException))]
    [InlineData(":1\r\n", typeof(CacheProtocolException))]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", typeof(CacheProtocolException))]
    public async Task What_AUTH_is_answered_decides_the_error(string reply, Type expected)
    {
        await using FakeCacheServer peer = FakeCacheServer.Start(AnswerAsync(reply));
        Exception thrown = await Assert.ThrowsAsync(expected, () => ConnectAsync(WithPassword(peer)));
        Assert.DoesNotContain(Password, thrown.ToString(), StringComparison.Ordinal);
        Assert.Contains(peer.Endpoint.ToString(), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_turns_us_away_before_we_speak_is_heard()
    {
        await using FakeCacheServer peer = FakeCacheServer.Start(async connection =>
        {
            await connection.SendAsync("-ERR max number of clients reached\r\n");
        });
        var turnedAway = await Assert.ThrowsAsync<CacheUnreachableException>(async () =>
        {
            await using RespConnection connection = await ConnectAsync(peer.Address);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            RespReply reply = await connection.SendAsync(new RespCommand("PING"), default);
            throw connection.Refusal("PING", reply);
        });
        Assert.Contains("maxclients", turnedAway.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_the_command_and_nothing_that_was_sent()
    {
        await using RespConnection connection = Over([], 1);
        RespReply reply = Read("-ERR unknown command 'RESTORE', with args beginning with: 'secret-key' 'secret-value'\r\n");
        Exception unknown = connection.Refusal("RESTORE", reply);
        Assert.IsType<CacheProtocolException>(unknown);
        Assert.DoesNotContain("secret", unknown.ToString(), StringComparison.Ordinal);
        Assert.Contains("RESTORE", unknown.Message, StringComparison.Ordinal);
        Exception denied = connection.Refusal("FUNCTION LIST", Read("-NOPERM no permissions\r\n"));
        Assert.IsType<CacheAccessDeniedException>(denied);
        Assert.Contains("+function|list", denied.Message, StringComparison.Ordinal);
        Exception strange = connection.Refusal("TIME", Read("$6\r\nsecret\r\n"));
        Assert.IsType<CacheProtocolException>(strange);
        Assert.DoesNotContain("secret", strange.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_twice_and_with_unflushed_bytes_does_no_harm()
    {
        await using FakeCacheServer peer = FakeCacheServer.Start(AnswerAsync("+OK\r\n"));
        RespConnection connection = await ConnectAsync(peer.Address);
        connection.Write(new RespCommand("FLUSHALL"));
        await connection.DisposeAsync();
        await connection.DisposeAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.Empty(peer.Commands);
    }

    private static Func<FakeCacheConnection, Task> AnswerAsync(string reply) => async connection =>
    {
        while (await connection.ReadCommandAsync() is not null)
        {
            await connection.SendAsync(reply);
        }
    };

    private static CacheAddress WithPassword(FakeCacheServer peer) => peer.Address with { Password = KnownPassword.Reference };

    private static Task<RespConnection> ConnectAsync(CacheAddress address, RespConnectionOptions? options = null) =>
        RespConnection.ConnectAsync(address, KnownPassword.Instance, options ?? RespConnectionOptions.Default, TimeProvider.System, default);

    private static RespConnection Over(byte[] wire, int pieceBytes, RespConnectionOptions? options = null) => On(
        new FragmentedStream(wire.Chunk(pieceBytes).Select(c => (ReadOnlyMemory<byte>)c), FragmentedStream.Ending.Close),
        options ?? RespConnectionOptions.Default,
        TimeProvider.System);

    private static RespConnection On(Stream stream, RespConnectionOptions options, TimeProvider time) =>
        new(stream, new CacheEndpoint("test", 1), options, time);

    private static async Task<string> TextAsync(RespConnection connection)
    {
        RespReply reply = await connection.ReadReplyAsync(default);
        return reply.TryGetText(out string text) ? text : throw new InvalidOperationException($"{reply} is no text.");
    }

    private static RespReply Read(string wire)
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(wire));
        Assert.True(new RespReplyReader(RespLimits.Default).TryRead(ref buffer, out RespReply reply));
        return reply;
    }
}
