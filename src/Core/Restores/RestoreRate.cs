using CacheBackup.Core.Model;

namespace CacheBackup.Core.Restores;

/// <summary>
/// How fast a restore may write, all of its connections and processes together, so that a target which serves others beside it, or the
/// network to it, is not taken up whole. Comparing is not held back.
/// </summary>
public sealed record RestoreRate
{
    /// <summary>Slower than this, one value of the largest kind would take longer than a function may run.</summary>
    public const long FewestBytesPerSecond = 64 * 1024;

    /// <summary>Bytes of keys and values as the backup holds them, a second; at least <see cref="FewestBytesPerSecond"/>. Null: no limit.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Keys a second, at least 1. Null: no limit.</summary>
    public long? KeysPerSecond { get; init; }

    /// <summary>The rate that a user asks for; null where there is no limit.</summary>
    /// <exception cref="InvalidRequestException">A limit is none that can be kept.</exception>
    public static RestoreRate? Of(long? bytesPerSecond, long? keysPerSecond)
    {
        if (bytesPerSecond < FewestBytesPerSecond)
        {
            throw new InvalidRequestException($"A restore's rate is at least {FewestBytesPerSecond:N0} bytes a second; {bytesPerSecond:N0} were asked for.");
        }

        if (keysPerSecond < 1)
        {
            throw new InvalidRequestException($"A restore's rate is at least 1 key a second; {keysPerSecond:N0} were asked for.");
        }

        return bytesPerSecond is null && keysPerSecond is null
            ? null
            : new RestoreRate { BytesPerSecond = bytesPerSecond, KeysPerSecond = keysPerSecond };
    }

    /// <summary>What one of several writers may do that know nothing of each other and together keep to the rate.</summary>
    /// <param name="writers">How many, at least 1.</param>
    public RestorePace Share(int writers, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(writers, 1);
        return new RestorePace((double?)BytesPerSecond / writers, (double?)KeysPerSecond / writers, time);
    }
}
