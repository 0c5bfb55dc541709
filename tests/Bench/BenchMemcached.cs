using System.Globalization;
using System.Text;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Bench;

/// <summary>A Memcached with items of 500 bytes, a third of them without an expiry. The same number gives the same items.</summary>
internal sealed class BenchMemcached : IAsyncDisposable
{
    private const int ItemBytes = 500;

    /// <summary>Room for all of them and more: none is evicted.</summary>
    private const string Memory = "-m 4096";

    private const int BlockBytes = 1 << 20;
    private const int PoolBytes = 1 << 20;

    private readonly MemcachedProcess _process;
    private readonly int _items;

    private BenchMemcached(MemcachedProcess process, int items) => (_process, _items) = (process, items);

    public int Port => _process.Port;

    public int ProcessId => _process.ProcessId;

    public long ValueBytes => (long)_items * ItemBytes;

    public static async Task<BenchMemcached> StartAsync(int items, CancellationToken cancellationToken)
    {
        Console.Error.WriteLine($"Making {items:N0} items.");
        var server = new BenchMemcached(await MemcachedProcess.StartAsync(Memory), items);
        try
        {
            await server.FillAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        using MemcachedClient client = await _process.ConnectAsync();
        var random = new Random(11_211);
        byte[] pool = new byte[PoolBytes];
        random.NextBytes(pool);
        using var block = new MemoryStream(2 * BlockBytes);
        for (int i = 0; i < _items; i++)
        {
            // Quiet: only what is refused is answered.
            string expiry = i % 3 == 0 ? string.Empty : " T1728000";
            block.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"ms key:{i:00000000}:{random.Next(1 << 16):x4} {ItemBytes} q F{i % 7}{expiry}\r\n")));
            block.Write(pool, random.Next(PoolBytes - ItemBytes), ItemBytes);
            block.Write("\r\n"u8);
            if (block.Length >= BlockBytes)
            {
                await client.WriteAsync(block.GetBuffer().AsMemory(0, (int)block.Length));
                block.SetLength(0);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        block.Write("mn\r\n"u8);
        await client.WriteAsync(block.GetBuffer().AsMemory(0, (int)block.Length));
        if (await client.ReadLineAsync() is not "MN" and var refusal)
        {
            throw new InvalidOperationException($"Memcached did not take every item: {refusal}");
        }
    }
}
