using System.IO.Pipelines;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Replication;

/// <summary>
/// One data set on its way. The connection is closed as soon as the last byte has arrived, whatever the reader still has to take: a node without
/// <c>rdb-only</c> would go on and send, or keep, its stream of commands.
/// </summary>
internal sealed class ReplicationTransfer : SnapshotTransfer
{
    private readonly RespConnection _connection;

    public ReplicationTransfer(RespConnection connection, ReplicationGreeting greeting, ReplicationOffer offer, TimeSpan endMarkSilence)
    {
        _connection = connection;
        connection.GatherReceives();
        LengthBytes = offer.LengthBytes;
        Content = offer.EndMark is { } mark
            ? new MarkDelimitedReader(connection, mark, endMarkSilence)
            : new LengthDelimitedReader(connection, offer.LengthBytes!.Value, closingBytes: 0, connection.HangUp);
        string command = offer.Command == "SYNC" ? " by SYNC" : string.Empty;
        string medium = offer.EndMark is null ? "disk-backed" : "diskless";
        string keeping = greeting.IsRdbOnly ? "rdb-only" : "without rdb-only";
        Origin = new SnapshotOrigin
        {
            Engine = greeting.Engine,
            Version = greeting.Version,
            RunId = greeting.RunId,
            ServerTime = greeting.ServerTime,
            ClockOffset = greeting.ClockOffset,
            Consistency = SnapshotConsistency.PointInTime,
            Method = $"replication{command} ({medium}, {keeping})",
        };
    }

    public override SnapshotOrigin Origin { get; }

    public override PipeReader Content { get; }

    public override long? LengthBytes { get; }

    public override ValueTask DisposeAsync() => _connection.DisposeAsync();
}
