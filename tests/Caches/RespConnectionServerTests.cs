using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using CacheBackup.Core.Model;
using CacheBackup.Core.Resp;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests;

/// <summary>The connection against real servers.</summary>
[Trait("Category", "Server")]
public sealed class RespConnectionServerTests
{
    public static TheoryData<CacheEngine> Engines => [CacheEngine.Redis, CacheEngine.Valkey];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Pipelined_commands_are_answered_in_order(CacheEngine engine)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(engine);
        await using RespConnection connection = await ConnectAsync(server.Address);
        const int Count = 20_000;
        for (int i = 0; i < Count; i++)
        {
            connection.Write(new RespCommand("INCRBY", "counter", i));
            if (connection.UnflushedBytes > 32 * 1024)
            {
                await connection.FlushAsync(default);
            }
        }

        await connection.FlushAsync(default);
        Assert.Equal(Count, connection.AwaitedReplies);
        long expected = 0;
        for (int i = 0; i < Count; i++)
        {
            RespReply reply = await connection.ReadReplyAsync(default);
            expected += i;
            Assert.True(reply.TryGetNumber(out long actual));
            Assert.Equal(expected, actual);
        }

        Assert.Equal(0, connection.AwaitedReplies);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_large_value_streams_out_as_fragments_and_back_in(CacheEngine engine)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(engine);
        await using RespConnection connection = await ConnectAsync(server.Address);
        byte[] value = new byte[40_000_003];
        new Random(1).NextBytes(value);

        IBufferWriter<byte> arguments = connection.BeginCommand(3);
        arguments.WriteBulk("SET"u8);
        arguments.WriteBulk("large"u8);
        connection.BeginBulk(value.Length);
        for (int at = 0; at < value.Length; at += 65_537)
        {
            await connection.WriteFragmentAsync(value.AsMemory(at, Math.Min(65_537, value.Length - at)), default);
        }

        connection.EndBulk();
        await connection.FlushAsync(default);
        Assert.True((await connection.ReadReplyAsync(default)).IsOk);

        connection.Write(new RespCommand("GET", "large"));
        connection.Write(new RespCommand("PING"));
        await connection.FlushAsync(default);
        RespReplyHead head = await connection.ReadHeadAsync(default);
        Assert.Equal(value.Length, head.LengthBytes);
        Assert.Equal(SHA256.HashData(value), await HashAsync(head.Body!));
        RespReply pong = await connection.ReadReplyAsync(default);
        Assert.True(pong.TryGetText(out string text));
        Assert.Equal("PONG", text);
    }

    private static async Task<byte[]> HashAsync(PipeReader body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (true)
        {
            ReadResult result = await body.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                hash.AppendData(part.Span);
            }

            body.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return hash.GetHashAndReset();
            }
        }
    }

    private static Task<RespConnection> ConnectAsync(CacheAddress address) =>
        RespConnection.ConnectAsync(address, KnownPassword.Instance, RespConnectionOptions.Default, TimeProvider.System, default);
}
