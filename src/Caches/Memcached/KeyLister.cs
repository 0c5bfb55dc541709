using System.Text;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// Lists all keys by <c>lru_crawler metadump hash</c>: the crawler goes through the hash table, one bucket under its lock at a time, while
/// the table is kept from growing. So each key that is there throughout is named, once. (The other way, <c>all</c>, goes through the LRU
/// lists, between which readers move items: it misses and repeats.)
/// </summary>
internal static class KeyLister
{
    private const string Command = "lru_crawler metadump hash";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <exception cref="ScanRefusedException">The server lists no keys.</exception>
    /// <exception cref="CacheLoadingException">Its crawler was at work for others all the time.</exception>
    /// <exception cref="TransferCutException">The list broke off.</exception>
    public static async Task RunAsync(MemcachedConnection connection, KeyList keys, TimeSpan busyPatience, CancellationToken cancellationToken)
    {
        long begin = connection.Time.GetTimestamp();
        byte[] command = Encoding.ASCII.GetBytes(Command + "\r\n");
        TimeSpan pause = FirstPause;
        while (true)
        {
            // Nothing may stand before it or after it in the connection: the server refuses to mix it with other commands.
            await connection.SendAsync(command, cancellationToken).ConfigureAwait(false);
            ReadOnlyMemory<byte> first = await connection.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (!IsBusy(first.Span))
            {
                await ReadAsync(connection, keys, first, cancellationToken).ConfigureAwait(false);
                return;
            }

            if (connection.Time.GetElapsedTime(begin) >= busyPatience)
            {
                throw new CacheLoadingException(
                    $"The LRU crawler of {connection.Endpoint} has been at work for others for {busyPatience.TotalSeconds:0} s. Try again when nobody else lists its keys.");
            }

            await Task.Delay(pause, connection.Time, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static bool IsBusy(ReadOnlySpan<byte> line) => line.StartsWith("BUSY"u8) || line.StartsWith("ERROR locked"u8);

    private static async Task ReadAsync(MemcachedConnection connection, KeyList keys, ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        connection.EnterTransfer();
        byte[] key = new byte[ItemKey.MaxBytes];
        while (!line.Span.SequenceEqual("END"u8))
        {
            if (!MetadumpLine.TryRead(line.Span, key, out MetadumpLine item))
            {
                throw Refusal(connection, line.Span, keys.Count);
            }

            keys.Add(key.AsSpan(0, item.KeyLengthBytes), item);
            await keys.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            line = await connection.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static Exception Refusal(MemcachedConnection connection, ReadOnlySpan<byte> line, long listed)
    {
        string answer = Encoding.ASCII.GetString(line);
        return connection.Refusal(Command, answer) is CacheAccessDeniedException denied
            ? denied
            : listed > 0
                ? new CacheProtocolException($"{connection.Endpoint} broke its list of keys off after {listed:N0} with a line that is none of it.")
                : new ScanRefusedException(connection.Refusal(Command, answer).Message);
    }
}
