using System.Buffers;
using System.Security.Cryptography;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>The files that an export has made, or may have made.</summary>
internal static class ExportedFiles
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>Removes the record of an export that is over, and its progress.</summary>
    public static async Task ForgetAsync(ServiceParts parts, Export export, CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary progress in parts.Store.ListAsync(
            CatalogKeys.ExportProgress(export.Id, export.Generation), null, cancellationToken))
        {
            await parts.Store.DeleteAsync(progress.Key, cancellationToken);
        }

        await parts.Catalog.Exports.RemoveAsync(export.Id, current => current.IsHeldBy(export.Execution, export.Generation), cancellationToken);
    }

    /// <summary>There is a file of that name with exactly the bytes that the manifest records. Reads all of it where the length fits.</summary>
    /// <param name="sha256">The recorded one.</param>
    public static async Task<bool> IsOursAsync(
        IBucketFiles files, BucketFileName name, ShardManifest manifest, Sha256Digest sha256, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(name, cancellationToken) is not { } found || found.LengthBytes != manifest.SizeBytes)
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using ObjectContent content = await files.ReadAsync(name, null, cancellationToken);
            int read;
            while ((read = await content.Stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
            }

            return new Sha256Digest(hash.GetHashAndReset()) == sha256;
        }
        catch (ObjectNotFoundException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
