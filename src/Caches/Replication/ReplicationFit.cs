using System.Globalization;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Replication;

/// <summary>
/// Whether a data set can be expected to come whole in the time of one call: a transfer by replication cannot be gone on with. Judged before it is asked
/// for, since the node forks when it is.
/// </summary>
internal static class ReplicationFit
{
    /// <summary>Of a transfer that was never measured.</summary>
    public const double UsualBytesPerSecond = 40_000_000;

    /// <summary>How much of the time it may take: the rest is for what comes between.</summary>
    public const double ShareOfTime = 0.6;

    /// <summary>Of a server that does not say: the servers' own default.</summary>
    public static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(5);

    /// <summary>Why not, in a sentence with the numbers; null if nothing speaks against it, or the time has no limit.</summary>
    public static async Task<string?> FindRefusalAsync(RespConnection connection, SliceLimit limit, CancellationToken cancellationToken)
    {
        if (limit.Time is null)
        {
            return null;
        }

        RespReply reply = await connection.SendAsync(new RespCommand("INFO"), cancellationToken).ConfigureAwait(false);
        if (!reply.TryGetText(out string text))
        {
            throw connection.Refusal("INFO", reply);
        }

        RespReply delay = await connection.SendAsync(new RespCommand("CONFIG GET", "repl-diskless-sync-delay"), cancellationToken).ConfigureAwait(false);
        return FindRefusal(ServerInfo.Parse(text).Number("used_memory_dataset"), DelayOf(delay), limit);
    }

    /// <param name="dataSetBytes">What it takes in the server's memory: not the file's size, but of its kind.</param>
    /// <param name="delay">For which the server waits for other replicas before it begins.</param>
    public static string? FindRefusal(long dataSetBytes, TimeSpan delay, SliceLimit limit)
    {
        if (limit.Time is not { } time)
        {
            return null;
        }

        long bytes = Math.Max(dataSetBytes, limit.Last?.Bytes ?? 0);
        double rate = limit.Last?.BytesPerSecond ?? UsualBytesPerSecond;
        double seconds = (bytes / rate) + delay.TotalSeconds;
        return seconds <= time.TotalSeconds * ShareOfTime
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Replication of about {bytes / 1e9:N1} GB would take about {seconds:N0} s, more than {ShareOfTime:P0} of the {time.TotalSeconds:N0} s of one call.");
    }

    /// <summary>Who may not ask is told nothing.</summary>
    private static TimeSpan DelayOf(in RespReply reply) =>
        reply.TryGetItems(out ReadOnlyMemory<RespReply> pair)
        && pair.Length == 2
        && pair.Span[1].TryGetText(out string text)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(seconds)
            : UsualDelay;
}
