using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Writes one shard's file: whole, with the recorded digest, and never over another. The record says before that it is being written, so that
/// a crash at any moment leaves no doubt whose the file is.
/// </summary>
public sealed class ExportShard(ServiceParts parts)
{
    /// <exception cref="NoLongerOwnerException">The export was abandoned.</exception>
    /// <exception cref="BucketFileExistsException">Somebody else wrote a file of that name meanwhile.</exception>
    public async Task RunAsync(ExportJob job, int shard, CancellationToken cancellationToken)
    {
        ExportRecords records = await ExportRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        ExportFileState state = (records.Export.Files ?? []).Single(f => f.Shard == shard).State;
        if (state == ExportFileState.Written)
        {
            return;
        }

        ShardManifest manifest = records.Backup.Shards.Single(s => s.Number == shard);
        BucketFileName name = records.FileOf(shard);
        IBucketFiles files = parts.Buckets.OpenFiles(records.Export.Bucket);
        Sha256Digest sha256 = await ShardFiles.DigestAsync(parts.StoreOf(records.Backup), manifest, parts.Time, cancellationToken);
        if (state != ExportFileState.Writing || !await ExportedFiles.IsOursAsync(files, name, manifest, sha256, cancellationToken))
        {
            await NoteAsync(job, shard, ExportFileState.Writing, cancellationToken);
            await WriteAsync(job, records, manifest, sha256, files, cancellationToken);
        }

        await NoteAsync(job, shard, ExportFileState.Written, cancellationToken);
    }

    private async Task WriteAsync(
        ExportJob job,
        ExportRecords records,
        ShardManifest manifest,
        Sha256Digest sha256,
        IBucketFiles files,
        CancellationToken cancellationToken)
    {
        BucketFileName name = records.FileOf(manifest.Number);
        RecordedObject content = new(parts.StoreOf(records.Backup), manifest.DataKey, manifest.SizeBytes, sha256);
        await using ProgressWriter progress = new(
            parts.Store, CatalogKeys.Progress(CatalogKeys.ExportProgress(job.Export, job.Generation), manifest.Number), parts.Time);
        try
        {
            await files.WriteAsync(name, content, progress, cancellationToken);
        }
        catch (PreconditionFailedException e)
        {
            // An acknowledgement that was lost looks the same, and then the bytes are the recorded ones.
            if (!await ExportedFiles.IsOursAsync(files, name, manifest, sha256, cancellationToken))
            {
                await NoteAsync(job, manifest.Number, ExportFileState.Foreign, cancellationToken);
                throw new BucketFileExistsException(
                    $"{records.Export.Bucket.Location} got a file {name} from somebody else meanwhile. It was left as it is; export under another name.", e);
            }
        }
    }

    private Task<Export> NoteAsync(ExportJob job, int shard, ExportFileState state, CancellationToken cancellationToken) =>
        parts.Catalog.Exports.ChangeAsync(
            job.Export,
            current =>
            {
                ExportRecords.Check(current, job);
                return current.With(shard, state);
            },
            cancellationToken);
}
