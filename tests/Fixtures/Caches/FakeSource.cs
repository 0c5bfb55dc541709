using System.Globalization;
using System.Text;

namespace CacheBackup.Fixtures.Caches;

/// <summary>A node that is asked for its data set, with everything that can go right or wrong there.</summary>
public sealed record FakeSource
{
    public const string Information =
        "# Server\r\nredis_version:7.0.15\r\nrun_id:0123456789abcdef0123456789abcdef01234567\r\nredis_mode:standalone\r\n";

    public const string DefaultEndMark = "00112233445566778899aabbccddeeff01234567";

    private const string FullResync = "+FULLRESYNC 0123456789abcdef0123456789abcdef01234567 0\r\n";

    public ReadOnlyMemory<byte> Rdb { get; init; }

    public bool IsDiskless { get; init; }

    /// <summary>The mark that is announced.</summary>
    public string EndMark { get; init; } = DefaultEndMark;

    /// <summary>The mark that is sent behind the data; null: the announced one.</summary>
    public string? SentEndMark { get; init; }

    /// <summary>Replies by the command's first word, or its first two ("REPLCONF rdb-only"), in place of the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Replies { get; init; } = new Dictionary<string, string>();

    /// <summary>Newlines before +FULLRESYNC, and again before the data.</summary>
    public int KeepAlives { get; init; }

    /// <summary>After that many bytes of what follows PSYNC the connection is reset; null: never.</summary>
    public int? ResetAfterBytes { get; init; }

    /// <summary>After that many bytes of what follows PSYNC nothing more comes; null: never.</summary>
    public int? StallAfterBytes { get; init; }

    /// <summary>After that many bytes of what follows PSYNC the connection is closed in order; null: never.</summary>
    public int? CloseAfterBytes { get; init; }

    /// <summary>The size of one write.</summary>
    public int PieceBytes { get; init; } = int.MaxValue;

    public TimeSpan PauseBetweenPieces { get; init; }

    /// <summary>How much of what follows PSYNC is sent in pieces; the rest goes out at once.</summary>
    public int TrickleBytes { get; init; } = int.MaxValue;

    /// <summary>As with rdb-only, the connection is closed behind the data; otherwise it stays open and silent.</summary>
    public bool ClosesAtEnd { get; init; } = true;

    /// <summary>All that follows PSYNC when nothing goes wrong.</summary>
    public byte[] Transfer
    {
        get
        {
            string keepAlives = new('\n', KeepAlives);
            string head = IsDiskless ? $"$EOF:{EndMark}\r\n" : string.Create(CultureInfo.InvariantCulture, $"${Rdb.Length}\r\n");
            string tail = IsDiskless ? SentEndMark ?? EndMark : string.Empty;
            return [.. Encoding.Latin1.GetBytes(keepAlives + FullResync + keepAlives + head), .. Rdb.Span, .. Encoding.Latin1.GetBytes(tail)];
        }
    }

    internal async Task PlayAsync(FakeCacheConnection connection)
    {
        while (await connection.ReadCommandAsync() is { } words)
        {
            if (ReplyTo(words) is { } reply)
            {
                await connection.SendAsync(reply);
            }
            else
            {
                await SendDataAsync(connection, isSync: words[0] == "SYNC");
                return;
            }
        }
    }

    private static string Bulk(string text) => $"${text.Length}\r\n{text}\r\n";

    /// <summary>Null: the data set is what answers.</summary>
    private string? ReplyTo(string[] words)
    {
        if (words.Length > 1 && Replies.TryGetValue($"{words[0]} {words[1]}", out string? reply))
        {
            return reply;
        }

        if (Replies.TryGetValue(words[0], out reply))
        {
            return reply;
        }

        return words[0] switch
        {
            "PSYNC" or "SYNC" => null,
            "INFO" => Bulk(Information),
            "TIME" => "*2\r\n$10\r\n1700000000\r\n$6\r\n250000\r\n",
            _ => "+OK\r\n",
        };
    }

    private async Task SendDataAsync(FakeCacheConnection connection, bool isSync)
    {
        byte[] transfer = Transfer;
        if (isSync)
        {
            int after = transfer.AsSpan().IndexOf("\r\n"u8) + 2;
            transfer = transfer[after..];
        }

        Task listening = connection.ListenAsync();
        int end = Math.Min(ResetAfterBytes ?? StallAfterBytes ?? CloseAfterBytes ?? transfer.Length, transfer.Length);
        int trickle = Math.Min(TrickleBytes, end);
        await connection.SendInPiecesAsync(transfer.AsMemory(0, trickle), PieceBytes, PauseBetweenPieces);
        await connection.SendAsync(transfer.AsMemory(trickle, end - trickle));
        if (ResetAfterBytes is not null)
        {
            connection.Reset();
        }
        else if (CloseAfterBytes is not null || (StallAfterBytes is null && ClosesAtEnd))
        {
            connection.EndSending();
        }

        await listening;
    }
}
