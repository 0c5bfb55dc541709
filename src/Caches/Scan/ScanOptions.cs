using System.Globalization;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>How a scan asks, and how much it may take of the server and of our memory.</summary>
public sealed record ScanOptions
{
    /// <summary>Keys whose values are asked for and not yet read, at most: with <see cref="MaxInFlightBytes"/> it bounds what the server holds for us.</summary>
    public const int MostInFlight = 1024;

    /// <summary>Keys that are read in one transaction: the server answers nobody else meanwhile.</summary>
    public const int KeysAtOnce = 16;

    public static ScanOptions Default { get; } = new();

    public RespConnectionOptions Connection { get; init; } = RespConnectionOptions.Default;

    /// <summary>Of a node of a cluster, what its shard owns: keys of other slots are left out. Null: a node of a cluster is refused.</summary>
    public SlotSet? Slots { get; init; }

    /// <summary>COUNT of SCAN: buckets that the server looks at for one answer.</summary>
    public int Count { get; init; } = 512;

    /// <summary>
    /// What may be on its way at a time, by the usual size of the values so far, in bytes: 64 KiB and more. A value that is larger is alone on its way.
    /// </summary>
    public long MaxInFlightBytes { get; init; } = 4L * 1024 * 1024;

    /// <summary>The most that the remembered keys may take, in bytes, at 24 a key. Default 768 MiB: 33 million keys.</summary>
    public long MaxRememberedBytes { get; init; } = 768L * 1024 * 1024;

    /// <summary>The most keys a second; null: no limit.</summary>
    public int? MaxKeysPerSecond { get; init; }

    /// <summary>When the server answers others later than this twice in a row, the scan asks for less at a time and pauses. Default 20 ms.</summary>
    public TimeSpan LatencyLimit { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How often the server's latency is measured, on a connection of its own.</summary>
    public TimeSpan LatencyInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Values that the server is not to build in one piece; null: each is dumped.</summary>
    public PieceOptions? Pieces { get; init; }

    /// <exception cref="ScanRefusedException">So many keys cannot be remembered.</exception>
    public void RequireRoomFor(long keys)
    {
        long needed = keys * RememberedKeys.BytesPerKey;
        if (needed > MaxRememberedBytes)
        {
            throw new ScanRefusedException(
                $"A scan remembers every key that it has taken, and {keys:N0} keys need {needed:N0} bytes; it may use {MaxRememberedBytes:N0}. "
                + "Back the cache up by replication, or in smaller shards.");
        }
    }

    /// <exception cref="InvalidRequestException">A number is outside its range.</exception>
    public void Validate()
    {
        if (MaxKeysPerSecond is { } rate and < 1)
        {
            throw new InvalidRequestException(string.Create(CultureInfo.InvariantCulture, $"The limit is 1 key a second or more, not {rate}."));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInFlightBytes, 64 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRememberedBytes, 0);
        Pieces?.Validate();
    }
}
