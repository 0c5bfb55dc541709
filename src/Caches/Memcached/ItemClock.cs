using CacheBackup.Core.Memcached;

namespace CacheBackup.Caches.Memcached;

/// <summary>
/// A Memcached node's clock, which ticks once a second, as it must stand by ours. An answer tells the seconds that an item had left when
/// the node wrote the answer: after it was asked for, and before it was read here.
/// </summary>
internal sealed class ItemClock(MemcachedServer server, TimeProvider time)
{
    /// <summary>What the two clocks' grains make of a difference.</summary>
    private const int GrainSeconds = 1;

    public long NowSeconds => (server.Time + time.GetElapsedTime(server.TimestampHere)).ToUnixTimeSeconds();

    /// <summary>
    /// When the item expires, in Unix seconds: as is known from elsewhere, where the answer does not contradict that; else by the answer.
    /// </summary>
    /// <param name="askedAtSeconds"><see cref="NowSeconds"/> when the command was sent.</param>
    /// <param name="secondsLeft">As answered; negative: it does not expire.</param>
    /// <param name="knownSeconds">What is known or expected; 0: that it does not expire.</param>
    /// <returns>0: it does not expire.</returns>
    public long ExpiryOf(long askedAtSeconds, long secondsLeft, long knownSeconds)
    {
        if (secondsLeft < 0)
        {
            return 0;
        }

        bool isKnown = knownSeconds >= askedAtSeconds + secondsLeft - GrainSeconds && knownSeconds <= NowSeconds + secondsLeft + GrainSeconds;
        return Math.Clamp(isKnown ? knownSeconds : askedAtSeconds + secondsLeft, ItemHead.LastRelativeSeconds + 1, ItemHead.MaxExpireAtSeconds);
    }
}
