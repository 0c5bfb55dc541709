using CacheBackup.Core;
using CacheBackup.Core.Resp;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches;

/// <summary>
/// The replies that a restore still awaits, in order. Bounded in number and in bytes on their way, so that neither side holds much, and
/// large enough that the server never waits for us. The first error reply ends it.
/// </summary>
internal sealed class ReplyWindow(RespConnection connection)
{
    private const int MostReplies = 4_096;
    private const long MostBytes = 8 * 1024 * 1024;
    private const int FlushAtBytes = 64 * 1024;

    private readonly Queue<Awaited> _awaited = new();
    private long _bytes;

    /// <summary>What has been written and not answered: one command, of these many bytes, for the entry at that offset of the data file.</summary>
    /// <param name="mayVanish">That the key which is to be renamed is gone is no error: what was in it has expired.</param>
    public void Add(long offsetBytes, long bytes, bool mayVanish = false)
    {
        _awaited.Enqueue(new Awaited(offsetBytes, bytes, mayVanish));
        _bytes += bytes;
    }

    /// <summary>Sends what has gathered, and waits while too much is on its way.</summary>
    public async ValueTask MakeRoomAsync(CancellationToken cancellationToken)
    {
        if (connection.UnflushedBytes >= FlushAtBytes)
        {
            await connection.FlushAsync(cancellationToken);
        }

        if (_awaited.Count >= MostReplies || _bytes >= MostBytes)
        {
            await DrainAsync(MostReplies / 2, MostBytes / 2, cancellationToken);
        }
    }

    /// <summary>Waits for every reply.</summary>
    public ValueTask DrainAsync(CancellationToken cancellationToken) => DrainAsync(0, 0, cancellationToken);

    private async ValueTask DrainAsync(int replies, long bytes, CancellationToken cancellationToken)
    {
        if (connection.UnflushedBytes > 0)
        {
            await connection.FlushAsync(cancellationToken);
        }

        while (_awaited.Count > replies || _bytes > bytes)
        {
            int oks = connection.TakeRepeated(RespReplyReader.OkLine, _awaited.Count);
            if (oks > 0)
            {
                Forget(oks);
                continue;
            }

            if (!connection.TryReadReply(out RespReply reply))
            {
                reply = await ReadReplyAsync(cancellationToken);
            }

            Awaited answered = _awaited.Dequeue();
            _bytes -= answered.Bytes;
            if (FindError(reply, out RespError error) && !(answered.MayVanish && error.Says("no such key")))
            {
                throw await FailureAsync(error, answered.OffsetBytes, cancellationToken);
            }
        }
    }

    private async ValueTask<RespReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ReadReplyAsync(cancellationToken);
        }
        catch (CacheUnreachableException e)
        {
            throw new CacheUnreachableException(
                $"{e.Message} The first entry that it did not acknowledge is at byte {_awaited.Peek().OffsetBytes} of the data file.", e);
        }
    }

    private void Forget(int answered)
    {
        for (; answered > 0; answered--)
        {
            _bytes -= _awaited.Dequeue().Bytes;
        }
    }

    /// <summary>An error, or one among the replies of a transaction.</summary>
    private static bool FindError(in RespReply reply, out RespError error)
    {
        if (reply.TryGetError(out error))
        {
            return true;
        }

        if (reply.TryGetItems(out ReadOnlyMemory<RespReply> items))
        {
            foreach (RespReply item in items.Span)
            {
                if (item.TryGetError(out error))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async ValueTask<Exception> FailureAsync(RespError error, long offsetBytes, CancellationToken cancellationToken) => error.Code switch
    {
        "OOM" => await OutOfMemoryAsync(offsetBytes, cancellationToken),
        "BUSYKEY" => new ForeignWriterException(
            $"{connection.Endpoint} holds the key of the entry at byte {offsetBytes} already: somebody else writes to the target. " +
            "Restore into a cache that nothing else uses."),
        "LOADING" or "MASTERDOWN" => new CacheLoadingException(
            $"{connection.Endpoint} is loading a data set or waits for its primary ({error.Code}) and did not take the entry at byte {offsetBytes} of the " +
            "data file. Try again when it has finished, and look whether it still is the empty cache that was to be filled."),
        "NOAUTH" or "NOPERM" or "BUSY" => ServerErrors.ToException(error, "RESTORE", connection.Endpoint),
        "CLUSTERDOWN" or "TRYAGAIN" => new CacheUnreachableException(
            $"{connection.Endpoint} takes nothing now ({error.Code}) for the entry at byte {offsetBytes}. Try again when the cluster is up."),
        "MOVED" or "ASK" => new ClusterUnsettledException(
            $"{connection.Endpoint} does not own the slot of the entry at byte {offsetBytes} of the data file ({error.Code}): slots of the cluster are moved "
            + "while it is filled. What is there stays good; go on when the resharding is over."),
        _ => new TargetRefusedException(
            $"{connection.Endpoint} refused the entry at byte {offsetBytes} of the data file: {error.Code}{Reason(error)}."),
    };

    /// <summary>What the server means, in our words: its own may quote a key.</summary>
    private static string Reason(in RespError error) => error switch
    {
        _ when error.Says("Bad data format") => " (bad data format: the value's type or content is not one that this version knows)",
        _ when error.Says("payload version or checksum") => " (the payload's version is newer than the server's)",
        _ when error.Says("DB index is out of range") => " (the database's number is beyond the server's count of databases)",
        _ when error.Says("unknown command") => " (unknown command: the server is too old, or the command was renamed or forbidden)",
        _ when error.Says("SELECT is not allowed in cluster mode") => " (cluster mode has database 0 alone)",
        _ when error.Says("exceeds maximum allowed size") => " (a string longer than the server's proto-max-bulk-len)",
        { Code: "CROSSSLOT" } => " (the key's slot is on another node)",
        { Code: "READONLY" } => " (a replica)",
        { Code: "MISCONF" } => " (the server cannot save to its disk and takes no writes)",
        _ => string.Empty,
    };

    private async ValueTask<Exception> OutOfMemoryAsync(long offsetBytes, CancellationToken cancellationToken)
    {
        string numbers = string.Empty;
        if (await AskMemoryAsync(cancellationToken) is { } memory)
        {
            numbers = $" It uses {memory.UsedBytes:N0} bytes of maxmemory {memory.LimitBytes:N0}.";
        }

        return new TargetOutOfMemoryException(
            $"{connection.Endpoint} has no memory left for the entry at byte {offsetBytes} of the data file.{numbers} Restore into a larger cache.");
    }

    private async ValueTask<(long UsedBytes, long LimitBytes)?> AskMemoryAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (connection.AwaitedReplies > 0)
            {
                await connection.ReadReplyAsync(cancellationToken);
            }

            RespReply reply = await connection.SendAsync(new RespCommand("INFO", "memory"), cancellationToken);
            return reply.TryGetText(out string text) && ServerInfo.Parse(text) is var info
                ? (info.Number("used_memory"), info.Number("maxmemory"))
                : null;
        }
        catch (Exception e) when (e is TransientException or PermanentException)
        {
            // The numbers are a courtesy; that the target is full is what matters.
            return null;
        }
    }

    private readonly record struct Awaited(long OffsetBytes, long Bytes, bool MayVanish);
}
