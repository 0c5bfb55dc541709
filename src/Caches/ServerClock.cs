using CacheBackup.Core.Resp;

namespace CacheBackup.Caches;

/// <summary>The reply of TIME: seconds and microseconds.</summary>
internal static class ServerClock
{
    public static bool TryParse(in RespReply reply, out DateTimeOffset time)
    {
        time = default;
        if (!reply.TryGetItems(out ReadOnlyMemory<RespReply> items)
            || items.Length != 2
            || !items.Span[0].TryGetNumber(out long seconds)
            || !items.Span[1].TryGetNumber(out long microseconds)
            || seconds is < 0 or > 200_000_000_000
            || microseconds is < 0 or >= 1_000_000)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddMilliseconds(microseconds / 1000);
        return true;
    }
}
