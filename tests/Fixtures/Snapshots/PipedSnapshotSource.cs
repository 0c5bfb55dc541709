using System.IO.Pipelines;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Fixtures.Snapshots;

/// <summary>A source whose bytes come from a pipe that a test fills or breaks.</summary>
public sealed class PipedSnapshotSource(PipeReader content, long? lengthBytes = null) : ISnapshotSource
{
    public static readonly SnapshotOrigin Origin = new()
    {
        Engine = CacheEngine.Redis,
        Version = new CacheVersion(7, 0, 15),
        RunId = "0123456789abcdef",
        ServerTime = DateTimeOffset.UnixEpoch,
        ClockOffset = TimeSpan.Zero,
        Consistency = SnapshotConsistency.PointInTime,
        Method = "a test",
    };

    /// <summary>Whether the last transfer was closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>A whole file.</summary>
    public static PipedSnapshotSource Of(byte[] file) => new(PipeReader.Create(new MemoryStream(file)), file.Length);

    public Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<SnapshotTransfer>(new Transfer(this, content, lengthBytes));

    private sealed class Transfer(PipedSnapshotSource source, PipeReader content, long? lengthBytes) : SnapshotTransfer
    {
        public override SnapshotOrigin Origin => PipedSnapshotSource.Origin;

        public override PipeReader Content => content;

        public override long? LengthBytes => lengthBytes;

        public override ValueTask DisposeAsync()
        {
            source.IsClosed = true;
            return content.CompleteAsync();
        }
    }
}
