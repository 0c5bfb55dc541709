using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>
/// Pages of backups, newest first, each for a bounded number of requests to the store: one LIST of one index (two where a page is
/// long) and at most <see cref="MaxExamined"/> GETs, however many backups there are.
/// </summary>
public sealed class BackupListing(IObjectStore store, CatalogShelf<BackupName, Backup> backups)
{
    public const int MaxPage = 100;

    /// <summary>A page looks at no more documents than this: with several filters it may be short, or empty, and still have a marker.</summary>
    public const int MaxExamined = 200;

    private const int ReadsAtOnce = 16;

    /// <param name="limit">1 to <see cref="MaxPage"/>.</param>
    /// <param name="marker">The marker of the page before, of the same filter; null for the first page.</param>
    /// <exception cref="InvalidRequestException">The marker is none.</exception>
    public async Task<BackupListingPage> ReadAsync(BackupFilter filter, int limit, string? marker, CancellationToken cancellationToken)
    {
        string list = filter.List;
        if (marker is not null && !(ObjectKey.TryParse(list + marker, out ObjectKey key) && BackupIndex.Parse(key) is not null))
        {
            throw new InvalidRequestException("The marker is not one of a page of these backups.");
        }

        List<Backup> found = [];
        List<UnreadableRecord> unreadable = [];
        List<ObjectKey> batch = [];
        int examined = 0;
        await foreach (ObjectSummary summary in store.ListAsync(list, marker is null ? null : list + marker, cancellationToken))
        {
            if (examined + batch.Count == MaxExamined || found.Count + batch.Count == limit)
            {
                examined += batch.Count;
                string last = batch.Count > 0 ? batch[^1].Value : throw new InvalidOperationException("A page ends behind a key.");
                await ReadAsync(batch, filter, found, unreadable, cancellationToken);
                batch.Clear();
                if (examined == MaxExamined || found.Count == limit)
                {
                    return new BackupListingPage(found, unreadable, last[list.Length..]);
                }
            }

            batch.Add(summary.Key);
        }

        await ReadAsync(batch, filter, found, unreadable, cancellationToken);
        return new BackupListingPage(found, unreadable, null);
    }

    /// <summary>Every backup of a list, newest first. As many GETs as there are backups in it.</summary>
    /// <param name="list">One of <see cref="BackupIndex"/>'s.</param>
    /// <param name="unreadable">Told of each record that cannot be read, which is then left out.</param>
    public async IAsyncEnumerable<Backup> AllAsync(
        string list,
        Action<UnreadableRecord> unreadable,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in store.ListAsync(list, null, cancellationToken))
        {
            (Backup? backup, UnreadableRecord? failed) = await FindAsync(summary.Key, cancellationToken);
            if (failed is not null)
            {
                unreadable(failed);
            }
            else if (backup is not null)
            {
                yield return backup;
            }
        }
    }

    private async Task ReadAsync(
        List<ObjectKey> keys, BackupFilter filter, List<Backup> found, List<UnreadableRecord> unreadable, CancellationToken cancellationToken)
    {
        var read = new (Backup? Backup, UnreadableRecord? Failed)[keys.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, keys.Count, options, async (i, token) => read[i] = await FindAsync(keys[i], token));
        found.AddRange(read.Select(r => r.Backup).OfType<Backup>().Where(filter.Fits));
        unreadable.AddRange(read.Select(r => r.Failed).OfType<UnreadableRecord>());
    }

    /// <summary>Neither: the hint is stale.</summary>
    private async Task<(Backup? Backup, UnreadableRecord? Failed)> FindAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (BackupIndex.Parse(key) is not { } hint)
        {
            return (null, null);
        }

        try
        {
            Backup? backup = (await backups.FindAsync(hint.Name, cancellationToken))?.Document;
            return (backup is not null && BackupIndex.Has(backup, key) ? backup : null, null);
        }
        catch (CatalogUnreadableException e)
        {
            return (null, new UnreadableRecord(hint.Name.Value, e.Message));
        }
    }
}
