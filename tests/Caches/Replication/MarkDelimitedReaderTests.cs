using System.Text;
using CacheBackup.Caches.Replication;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Caches.Tests.Replication;

public sealed class MarkDelimitedReaderTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
    private static readonly byte[] Mark = "00112233445566778899aabbccddeeff01234567"u8.ToArray();
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("REDIS0010 some content that is longer than its end mark, 0011, and goes on");
    private static readonly byte[] Wire = [.. Content, .. Mark];

    [Fact]
    public async Task Content_ends_before_the_mark_however_it_is_fragmented()
    {
        for (int at = 1; at < Wire.Length; at++)
        {
            Assert.Equal(Content, await ReadAsync([Wire.AsMemory(0, at), Wire.AsMemory(at)]));
        }

        for (int piece = 1; piece <= Wire.Length; piece++)
        {
            Assert.Equal(Content, await ReadAsync(Pieces(Wire, piece)));
        }
    }

    [Fact]
    public async Task However_the_reader_takes_it_the_content_is_the_same()
    {
        for (int piece = 1; piece <= Wire.Length; piece += 3)
        {
            await using RespConnection forBites = Connect(Pieces(Wire, piece));
            Assert.Equal(Content, await Drain.InBitesAsync(Reader(forBites), 5));
            await using RespConnection forAll = Connect(Pieces(Wire, piece));
            Assert.Equal(Content, await Drain.AtTheEndAsync(Reader(forAll)));
        }
    }

    [Fact]
    public async Task A_mark_within_the_data_is_data()
    {
        byte[] content = [.. Content, .. Mark, .. Content, .. Mark, .. Mark];
        byte[] wire = [.. content, .. Mark];

        // Every split, those right behind an inner mark included.
        for (int at = 1; at < wire.Length; at++)
        {
            Assert.Equal(content, await ReadAsync([wire.AsMemory(0, at), wire.AsMemory(at)]));
        }

        Assert.Equal(content, await ReadAsync(Pieces(wire, 1)));
        Assert.Equal(content, await ReadAsync(Pieces(wire, 40)));
    }

    [Fact]
    public async Task A_transfer_that_ends_before_its_mark_is_cut()
    {
        for (int length = 0; length < Wire.Length; length++)
        {
            foreach (FragmentedStream.Ending ending in (FragmentedStream.Ending[])[FragmentedStream.Ending.Close, FragmentedStream.Ending.Reset])
            {
                await using RespConnection connection = Connect(Pieces(Wire[..length], 17), ending);
                await Assert.ThrowsAsync<TransferCutException>(() => Drain.AllAsync(Reader(connection)));
            }
        }
    }

    [Fact]
    public async Task A_wrong_mark_is_a_cut()
    {
        for (int at = 0; at < Mark.Length; at++)
        {
            byte[] wrong = [.. Wire];
            wrong[Content.Length + at] ^= 1;
            await Assert.ThrowsAsync<TransferCutException>(() => ReadAsync([wrong]));
        }
    }

    [Fact]
    public async Task A_reset_behind_the_whole_mark_does_no_harm()
    {
        for (int piece = 1; piece <= Wire.Length; piece += 7)
        {
            await using RespConnection connection = Connect(Pieces(Wire, piece), FragmentedStream.Ending.Reset);
            Assert.Equal(Content, await Drain.AllAsync(Reader(connection)));
            await using RespConnection again = Connect(Pieces(Wire, piece), FragmentedStream.Ending.Reset);
            Assert.Equal(Content, await Drain.AtTheEndAsync(Reader(again)));
        }
    }

    [Fact]
    public async Task Silence_behind_the_mark_ends_the_transfer_where_the_node_does_not_close()
    {
        var time = new FakeTimeProvider();
        await using RespConnection connection = Connect([Wire], FragmentedStream.Ending.Silence, time);
        Task<byte[]> reading = Drain.AllAsync(Reader(connection));
        time.Advance(Silence - TimeSpan.FromMilliseconds(1));
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Content, await reading.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System));
    }

    [Fact]
    public async Task Silence_without_the_mark_is_a_stall()
    {
        var time = new FakeTimeProvider();
        await using RespConnection connection = Connect([Wire.AsMemory(0, Wire.Length - 1)], FragmentedStream.Ending.Silence, time);
        Task<byte[]> reading = Drain.AllAsync(Reader(connection));
        time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.False(reading.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await Assert.ThrowsAsync<TransferStalledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System));
    }

    [Fact]
    public async Task An_empty_content_is_whole()
    {
        Assert.Empty(await ReadAsync(Pieces(Mark, 1)));
        Assert.Empty(await ReadAsync([Mark]));
    }

    [Fact]
    public async Task A_cancelled_read_is_told_to_its_reader_alone()
    {
        await using RespConnection connection = Connect([Wire.AsMemory(0, 60)], FragmentedStream.Ending.Silence);
        MarkDelimitedReader reader = Reader(connection);
        System.IO.Pipelines.ReadResult first = await reader.ReadAsync();
        Assert.Equal(20, first.Buffer.Length);
        reader.AdvanceTo(first.Buffer.End);
        ValueTask<System.IO.Pipelines.ReadResult> pending = reader.ReadAsync();
        Assert.False(pending.IsCompleted);
        reader.CancelPendingRead();
        System.IO.Pipelines.ReadResult cancelled = await pending;
        Assert.True(cancelled.IsCanceled);
        Assert.False(cancelled.IsCompleted);
    }

    private static async Task<byte[]> ReadAsync(IEnumerable<ReadOnlyMemory<byte>> fragments)
    {
        await using RespConnection connection = Connect(fragments);
        return await Drain.AllAsync(Reader(connection));
    }

    private static MarkDelimitedReader Reader(RespConnection connection) => new(connection, Mark, Silence);

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(byte[] bytes, int pieceBytes) => bytes.Chunk(pieceBytes).Select(c => (ReadOnlyMemory<byte>)c);

    private static RespConnection Connect(
        IEnumerable<ReadOnlyMemory<byte>> fragments, FragmentedStream.Ending ending = FragmentedStream.Ending.Close, TimeProvider? time = null)
    {
        var connection = new RespConnection(
            new FragmentedStream(fragments, ending), new CacheEndpoint("test", 1), RespConnectionOptions.Default, time ?? TimeProvider.System);
        connection.EnterTransfer(TimeSpan.FromSeconds(60));
        return connection;
    }
}
