using System.IO.Pipelines;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>An .rdb file from outside as the source of a snapshot: the same run that takes a shard from a cache checks, indexes and stores it.</summary>
/// <param name="files">Where it is.</param>
/// <param name="name">Its name there.</param>
/// <param name="engine">As its owner told it; null: the file says.</param>
/// <param name="version">As its owner told it; null: the file says.</param>
public sealed class ImportSource(IBucketFiles files, BucketFileName name, CacheEngine? engine, CacheVersion? version) : ISnapshotSource
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>How the bytes came, in one readable line.</summary>
    public string Method { get; init; } = "import of an .rdb file";

    /// <summary>What the file stands for. Reads its beginning.</summary>
    /// <exception cref="Rdb.RdbFormatException">It does not begin like an .rdb file.</exception>
    /// <exception cref="InvalidRequestException">Engine or version are neither in the file nor told, or the two contradict each other.</exception>
    public async Task<SnapshotOrigin> DescribeAsync(BucketFile file, CancellationToken cancellationToken)
    {
        ImportHeader header = await ImportHeader.ReadAsync((range, token) => files.ReadAsync(name, range, token), file.LengthBytes, cancellationToken);
        if (header.Engine == CacheEngine.Valkey && engine == CacheEngine.Redis)
        {
            throw new InvalidRequestException($"'{name}' was written by Valkey ({header.RdbVersion}), and the request says that it is of Redis OSS. Leave the engine out.");
        }

        return new SnapshotOrigin
        {
            Engine = engine ?? header.Engine ?? header.RdbVersion.Family,
            Version = version ?? header.Version
                ?? throw new InvalidRequestException($"'{name}' does not say which version of the server wrote it. Tell it as engineVersion."),
            RunId = string.Empty,
            ServerTime = header.CreatedAt ?? file.WrittenAt,
            ClockOffset = TimeSpan.Zero,
            // A server writes a file of one instant, whichever way it was asked to.
            Consistency = SnapshotConsistency.PointInTime,
            Method = Method,
        };
    }

    public async Task<SnapshotTransfer> OpenAsync(CancellationToken cancellationToken)
    {
        BucketFile file = await files.FindAsync(name, cancellationToken) ?? throw new ObjectNotFoundException($"There is no file '{name}' any more.");
        SnapshotOrigin origin = await DescribeAsync(file, cancellationToken);
        ObjectContent content = await files.ReadAsync(name, null, cancellationToken);
        return new Transfer(origin, content);
    }

    private sealed class Transfer(SnapshotOrigin origin, ObjectContent content) : SnapshotTransfer
    {
        public override SnapshotOrigin Origin => origin;

        public override PipeReader Content { get; } =
            PipeReader.Create(content.Stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));

        public override long? LengthBytes => content.LengthBytes;

        public override async ValueTask DisposeAsync()
        {
            await Content.CompleteAsync();
            await content.DisposeAsync();
        }
    }
}
