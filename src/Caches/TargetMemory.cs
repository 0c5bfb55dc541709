using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Caches;

/// <summary>
/// Watches the memory of a target that is being filled, so that the restore stops before the target evicts a key. A look costs one INFO and
/// one round trip; how much may be sent until the next follows from the room that is left and from how much the memory grew by what was sent
/// before. Each connection looks for itself: what others send in between makes the growth that it sees larger, and its looks more frequent.
/// A target that evicts nothing answers OOM itself, and is only asked whether its policy is still that.
/// </summary>
internal sealed class TargetMemory(CacheEndpoint endpoint)
{
    /// <summary>The most that is sent between two looks.</summary>
    private const long MostBytes = 64L * 1024 * 1024;

    /// <summary>This part of <c>maxmemory</c> is left free: buffers of connections and the server's own tables come and go.</summary>
    private const int ReservePart = 50;

    /// <summary>Until the next look at most this part of the room may go by what is expected.</summary>
    private const int RoomPart = 4;

    /// <summary>A value is there twice while it is put in: as the command's argument and as itself.</summary>
    private const int Copies = 2;

    /// <summary>What is expected of the first bytes: values are stored compressed and live expanded.</summary>
    private const double FirstGrowth = 8;

    private double _growth = FirstGrowth;
    private long? _evictedBefore;
    private long _usedBefore;
    private long _sent;
    private long _allowed;

    /// <summary>Something was written: evictions from here on are the restore's.</summary>
    public bool IsWatching => _evictedBefore is not null;

    /// <summary>Whether INFO is to be asked before so many bytes are sent.</summary>
    public bool IsDue(long bytes) => _evictedBefore is null || _sent + bytes > _allowed;

    public void Send(long bytes) => _sent += bytes;

    /// <summary>Judges the target, of which nothing is awaited at the moment.</summary>
    /// <param name="nextBytes">What is to be sent next.</param>
    /// <param name="offsetBytes">Of the entry that is next.</param>
    /// <exception cref="TargetOutOfMemoryException">It has evicted a key, or would.</exception>
    public void Look(ServerInfo info, long nextBytes, long offsetBytes)
    {
        RequireNoEviction(info);
        long limit = info.Number("maxmemory");
        if (limit <= 0 || info["maxmemory_policy"] is null or "noeviction")
        {
            _allowed = MostBytes;
            _sent = 0;
            return;
        }

        long used = Counted(info);
        long room = limit - (limit / ReservePart) - used;
        if (room < Copies * nextBytes || room <= 0)
        {
            throw new TargetOutOfMemoryException(
                $"{endpoint} uses {used:N0} bytes of maxmemory {limit:N0} and would soon evict keys (maxmemory-policy {info["maxmemory_policy"]}): the restore "
                + $"was stopped before it did, at the entry at byte {offsetBytes} of the data file. Restore into a larger cache.");
        }

        if (_sent > 0 && _usedBefore > 0)
        {
            // It falls slowly and rises at once: the next part of the file may be of another kind.
            _growth = Math.Max(Math.Max((used - _usedBefore) / (double)_sent, _growth / 2), 1);
        }

        _usedBefore = used;
        _sent = 0;
        _allowed = Math.Max(Math.Min((long)(room / (RoomPart * _growth)), MostBytes), nextBytes);
    }

    /// <exception cref="TargetOutOfMemoryException">Keys were evicted since the first look.</exception>
    public void RequireNoEviction(ServerInfo info)
    {
        long evicted = info.Number("evicted_keys");
        _evictedBefore ??= evicted;
        if (evicted > _evictedBefore)
        {
            throw new TargetOutOfMemoryException(
                $"{endpoint} evicted {evicted - _evictedBefore:N0} key(s) while it was filled: it uses {info.Number("used_memory"):N0} bytes " +
                $"of maxmemory {info.Number("maxmemory"):N0}. Restore into a larger cache.");
        }
    }

    /// <summary>What the server compares with its limit.</summary>
    private static long Counted(ServerInfo info) => info.Number("used_memory") - info.Number("mem_not_counted_for_evict");
}
