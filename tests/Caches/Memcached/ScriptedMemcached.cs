using System.Net.Sockets;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Memcached;

/// <summary>A Memcached that holds a few items and can be told to answer late, in crumbs, wrongly or not to the end.</summary>
internal sealed class ScriptedMemcached : IAsyncDisposable
{
    private readonly LoopbackListener _listener;
    private int _listings;
    private int _statistics;

    public ScriptedMemcached() => _listener = new LoopbackListener(PlayAsync);

    public CacheAddress Address => new() { Engine = CacheEngine.Memcached, Endpoint = _listener.Endpoint };

    public IReadOnlyDictionary<string, string> Items { get; init; } = new Dictionary<string, string> { ["one"] = "1", ["two"] = "22", ["three"] = "333" };

    /// <summary>Bytes sent at a time.</summary>
    public int CrumbBytes { get; init; } = int.MaxValue;

    /// <summary>How often the crawler is busy before it lists.</summary>
    public int Busy { get; init; }

    /// <summary>The answer to <c>lru_crawler metadump hash</c>; null: the list.</summary>
    public string? List { get; init; }

    /// <summary>The answer to every <c>mg</c>; null: the item.</summary>
    public string? Get { get; init; }

    /// <summary>From which asking for statistics on the server is another process, or has been flushed.</summary>
    public int RestartsAt { get; init; } = int.MaxValue;

    public int FlushesAt { get; init; } = int.MaxValue;

    /// <summary>How many bytes of the list and of all items are sent before the connection ends.</summary>
    public int ListBytes { get; init; } = int.MaxValue;

    public int ItemBytes { get; init; } = int.MaxValue;

    public int Listings => _listings;

    public string WholeList => string.Concat(Items.Keys.Select(key => $"key={key} exp=-1 la=1 cas=1 fetch=no cls=1 size=60\n")) + "END\r\n";

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task PlayAsync(Socket socket, CancellationToken end)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        int itemBytes = ItemBytes;
        while (await reader.ReadLineAsync(end) is { } command)
        {
            bool isItem = command.StartsWith("mg ", StringComparison.Ordinal);
            bool isList = command.StartsWith("lru_crawler", StringComparison.Ordinal);
            string answer = isItem ? GetOf(command.Split(' ')[1]) : AnswerOf(command);
            int most = isItem ? itemBytes : isList ? ListBytes : int.MaxValue;
            await SendAsync(stream, answer.Length > most ? answer[..most] : answer, end);
            itemBytes -= isItem ? answer.Length : 0;
            if (answer.Length > most || (isItem && itemBytes == 0))
            {
                return;
            }
        }
    }

    private string AnswerOf(string command) => command switch
    {
        "mn" => "MN\r\n",
        "stats settings" => "STAT item_size_max 1048576\r\nSTAT lru_crawler yes\r\nSTAT dump_enabled yes\r\nEND\r\n",
        "stats" => Statistics(Interlocked.Increment(ref _statistics)),
        "lru_crawler metadump hash" => Interlocked.Increment(ref _listings) <= Busy ? "BUSY currently processing crawler request\r\n" : List ?? WholeList,
        _ => "ERROR\r\n",
    };

    private string GetOf(string key) =>
        Get ?? (Items.TryGetValue(key, out string? value) ? $"VA {value.Length} f7 t-1\r\n{value}\r\n" : "EN\r\n");

    private string Statistics(int number) =>
        $"STAT pid {(number >= RestartsAt ? 2 : 1)}\r\nSTAT uptime 100\r\nSTAT time {TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 1000 * 1000}\r\nSTAT version 1.6.18\r\n"
        + $"STAT cmd_flush {(number >= FlushesAt ? 1 : 0)}\r\nSTAT limit_maxbytes 67108864\r\nSTAT bytes 200\r\nSTAT curr_items {Items.Count}\r\nSTAT evictions 0\r\nEND\r\n";

    private async Task SendAsync(Stream stream, string answer, CancellationToken end)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(answer);
        for (int at = 0; at < bytes.Length;)
        {
            int crumb = Math.Min(CrumbBytes, bytes.Length - at);
            await stream.WriteAsync(bytes.AsMemory(at, crumb), end);
            await Task.Yield();
            at += crumb;
        }
    }
}
