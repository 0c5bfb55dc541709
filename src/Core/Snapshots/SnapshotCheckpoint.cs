using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// How far the slices of one shard have come: the one small object that is changed by compare-and-set. What is too large for it lies in the slices' own
/// objects. Persisted while the backup is being taken.
/// </summary>
public sealed record SnapshotCheckpoint
{
    /// <summary>Rises by one with each call that goes on. A call whose number this no longer is writes nothing more.</summary>
    public required long Lease { get; init; }

    /// <summary>What the keys are taken of, in a cluster: the primary, its epoch and its slots.</summary>
    public string? Subject { get; init; }

    /// <summary>The shard was not the same all the while: what was taken is of no use.</summary>
    public bool IsSpoiled { get; init; }

    public required ObjectKey Data { get; init; }

    public required ObjectKey Index { get; init; }

    public required string Upload { get; init; }

    /// <summary>Those that make the file; others may have been sent, by calls that died, and are in nobody's list.</summary>
    public required IReadOnlyList<CheckpointPart> Parts { get; init; }

    /// <summary>The first number of a part that no call may have used.</summary>
    public required int FreeNumber { get; init; }

    /// <summary>Parts and tail.</summary>
    public required long LengthBytes { get; init; }

    /// <summary>What each slice left, in order.</summary>
    public required IReadOnlyList<StoredSlice> Slices { get; init; }

    /// <summary>Where to go on; null: all is taken, and the upload has to be completed.</summary>
    public ScanPosition? Position { get; init; }

    /// <summary>Of a file that is whole.</summary>
    public SnapshotOrigin? Origin { get; init; }

    public SuspendedUpload ToUpload(ReadOnlyMemory<byte> tail) => new()
    {
        Upload = new UploadId(Upload),
        Parts = [.. Parts.Select(part => new UploadedPart(part.Number, new ObjectTag(part.Tag), part.LengthBytes))],
        NextNumber = FreeNumber,
        Tail = tail,
        LengthBytes = LengthBytes,
    };

    public SnapshotCheckpoint With(SuspendedUpload upload) => this with
    {
        Upload = upload.Upload.Value,
        Parts = [.. upload.Parts.Select(part => new CheckpointPart(part.Number, part.Tag.Value, part.LengthBytes))],
        FreeNumber = upload.NextNumber,
        LengthBytes = upload.LengthBytes,
    };
}
