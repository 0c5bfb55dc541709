using System.Net;
using System.Net.Sockets;

namespace CacheBackup.Caches.Tests;

/// <summary>On a real socket: what the kernel does with it is the point.</summary>
public sealed class ReceiveGatheringTests
{
    private static readonly byte[] Piece = new byte[1024];

    [Fact]
    public async Task The_first_pieces_come_one_by_one()
    {
        await using Pair pair = await Pair.ConnectAsync();
        for (int i = 0; i < ReceiveGathering.ReceivesOfAStream - 1; i++)
        {
            await pair.Sender.SendAsync(Piece);
            Assert.Equal(Piece.Length, await pair.ReceiveAsync());
            Assert.False(pair.Gathering.IsGathering);
        }
    }

    [Fact]
    public async Task A_stream_is_gathered_and_its_last_pieces_come_though_they_are_few()
    {
        await using Pair pair = await Pair.ConnectAsync();
        await pair.BecomeAStreamAsync();
        Assert.True(pair.Gathering.IsGathering);

        Task<int> receiving = pair.ReceiveAsync();
        await pair.Sender.SendAsync(Piece);
        await pair.Sender.SendAsync(Piece);
        Assert.Equal(2 * Piece.Length, await receiving.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.False(pair.Gathering.IsGathering);
    }

    [Fact]
    public async Task Enough_bytes_are_not_waited_with()
    {
        await using Pair pair = await Pair.ConnectAsync();
        await pair.BecomeAStreamAsync();
        Task<int> receiving = pair.ReceiveAsync();
        Task sending = pair.Sender.SendAsync(new byte[2 * ReceiveGathering.Bytes]);
        Assert.True(await receiving >= ReceiveGathering.Bytes);
        Assert.True(pair.Gathering.IsGathering, "it was the kernel that woke us, not the timer");
        pair.Sender.Close();
        await Task.WhenAny(sending);
    }

    [Fact]
    public async Task The_end_of_the_connection_is_told()
    {
        await using Pair pair = await Pair.ConnectAsync();
        await pair.BecomeAStreamAsync();
        Task<int> receiving = pair.ReceiveAsync();
        pair.Sender.Close();
        Assert.Equal(0, await receiving);
    }

    private sealed class Pair(Socket sender, Socket receiver) : IAsyncDisposable
    {
        private readonly byte[] _buffer = new byte[4 * ReceiveGathering.Bytes];

        public Socket Sender => sender;

        public ReceiveGathering Gathering { get; } = ReceiveGathering.Begin(receiver)!;

        public static async Task<Pair> ConnectAsync()
        {
            using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var sender = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            Task connecting = sender.ConnectAsync(listener.LocalEndPoint!);
            Socket receiver = await listener.AcceptAsync();
            await connecting;
            return new Pair(sender, receiver);
        }

        public async Task<int> ReceiveAsync()
        {
            Gathering.BeginWait();
            try
            {
                return await receiver.ReceiveAsync(_buffer);
            }
            finally
            {
                Gathering.EndWait();
            }
        }

        public async Task BecomeAStreamAsync()
        {
            for (int i = 0; i < ReceiveGathering.ReceivesOfAStream; i++)
            {
                await sender.SendAsync(Piece);
                await ReceiveAsync();
            }
        }

        public ValueTask DisposeAsync()
        {
            Gathering.Dispose();
            sender.Dispose();
            receiver.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
