using System.Globalization;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Segments;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Reads the stored bytes of one shard back and compares every digest with what its manifest records: lengths, CRC-64, SHA-256, content
/// digest, and the segment index. Needs no execution and changes nothing.
/// </summary>
public sealed class ShardVerification(IObjectStore store, TimeProvider time)
{
    /// <returns>What is wrong; a missing object is a finding.</returns>
    /// <exception cref="StoreUnavailableException">The store could not be read: nothing is known of the shard.</exception>
    /// <exception cref="StoreAccessDeniedException">The store refuses access: nothing is known of the shard.</exception>
    public async Task<VerifyReport> RunAsync(ShardManifest shard, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        SegmentIndex index;
        try
        {
            index = await SegmentIndexes.ReadAsync(store, shard, cancellationToken);
        }
        catch (Exception e) when (e is BackupDamagedException or SegmentIndexException)
        {
            return await WithoutIndexAsync(shard, e.Message, cancellationToken);
        }

        try
        {
            return await new VerifyRun(store, time).RunAsync(shard.DataKey, index, RecordedOf(shard), progress, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return Report(Missing(shard));
        }
        catch (BackupDamagedException e)
        {
            return Report(new VerifyFinding(VerifyFindingKind.Length, e.Message));
        }
    }

    private async Task<VerifyReport> WithoutIndexAsync(ShardManifest shard, string message, CancellationToken cancellationToken)
    {
        VerifyFinding finding = new(VerifyFindingKind.Index, message);
        return await store.HeadAsync(shard.DataKey, cancellationToken) is null ? Report(finding, Missing(shard)) : Report(finding);
    }

    private static VerifyFinding Missing(ShardManifest shard) =>
        new(VerifyFindingKind.Missing, $"There is no object '{shard.DataKey}'.");

    private static VerifyReport Report(params VerifyFinding[] findings) => new(findings, findings.Length, 0);

    private static RecordedContent RecordedOf(ShardManifest shard) => new(
        shard.SizeBytes,
        ulong.Parse(shard.Crc64, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        DigestOf(shard.ContentDigest),
        shard.Sha256 is { } whole ? DigestOf(whole) : null);

    private static Sha256Digest DigestOf(string text) => Sha256Digest.TryParse(text, out Sha256Digest digest)
        ? digest
        : throw new CatalogUnreadableException("The manifest records a digest that is none.");
}
