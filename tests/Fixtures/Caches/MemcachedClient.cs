using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CacheBackup.Core.Memcached;

namespace CacheBackup.Fixtures.Caches;

/// <summary>A test's own hand at a memcached: written apart from what is tested, save for how keys are named.</summary>
public sealed class MemcachedClient : IDisposable
{
    private readonly TcpClient _client;
    private readonly Stream _stream;

    private MemcachedClient(TcpClient client)
    {
        _client = client;
        _stream = new BufferedStream(client.GetStream(), 1 << 16);
    }

    public static async Task<MemcachedClient> ConnectAsync(int port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        return new MemcachedClient(client);
    }

    /// <summary>Sends a line and reads one back.</summary>
    public async Task<string> SendAsync(string line)
    {
        await WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));
        return await ReadLineAsync();
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes);
        await _stream.FlushAsync();
    }

    /// <param name="expiry">As the server takes it; 0: never.</param>
    public async Task SetAsync(byte[] key, byte[] value, uint flags = 0, long expiry = 0)
    {
        (string name, string encoded) = NameOf(key);
        string line = string.Create(CultureInfo.InvariantCulture, $"ms {name} {value.Length} F{flags} T{expiry}{encoded}\r\n");
        await WriteAsync((byte[])[.. Encoding.Latin1.GetBytes(line), .. value, (byte)'\r', (byte)'\n']);
        string answer = await ReadLineAsync();
        if (answer != "HD")
        {
            throw new InvalidOperationException($"memcached answered {answer}");
        }
    }

    /// <summary>Null: there is none.</summary>
    public async Task<(byte[] Value, uint Flags, long SecondsLeft)?> GetAsync(byte[] key)
    {
        (string name, string encoded) = NameOf(key);
        string[] head = (await SendAsync($"mg {name} f t v u{encoded}")).Split(' ');
        if (head[0] != "VA")
        {
            return null;
        }

        byte[] value = new byte[int.Parse(head[1], CultureInfo.InvariantCulture) + 2];
        await _stream.ReadExactlyAsync(value);
        return (value[..^2], uint.Parse(head[2][1..], CultureInfo.InvariantCulture), long.Parse(head[3][1..], CultureInfo.InvariantCulture));
    }

    public async Task<IReadOnlyDictionary<string, string>> StatsAsync()
    {
        var stats = new Dictionary<string, string>();
        for (string line = await SendAsync("stats"); line != "END"; line = await ReadLineAsync())
        {
            string[] words = line.Split(' ', 3);
            stats[words[1]] = words[2];
        }

        return stats;
    }

    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (true)
        {
            await _stream.ReadExactlyAsync(one);
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private static (string Name, string Encoded) NameOf(byte[] key) =>
        ItemKey.IsPlain(key) ? (Encoding.Latin1.GetString(key), string.Empty) : (Convert.ToBase64String(key), " b");
}
