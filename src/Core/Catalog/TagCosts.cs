using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>
/// Adds up what backups take up by the value of one of their tags. S3's own cost allocation goes by tags of buckets, so the report is
/// made from the index of tags, whose keys hold the sizes: one LIST for 1,000 backups, and one GET for each value.
/// </summary>
public sealed class TagCosts(IObjectStore store, CatalogShelf<BackupName, Backup> backups)
{
    /// <summary>The values of a page.</summary>
    public const int MaxValues = 100;

    /// <param name="marker">The marker of the page before; null for the first page.</param>
    public async Task<TagCostPage> ReadAsync(string tagKey, string? marker, CancellationToken cancellationToken)
    {
        string list = BackupIndex.OfTag(tagKey, null);
        List<TagCost> costs = [];
        Sum? open = null;
        await foreach (ObjectSummary summary in store.ListAsync(list, marker is null ? null : list + marker, cancellationToken))
        {
            string value = BackupIndex.TagValueDigestOf(summary.Key);
            if (open is not null && open.Digest != value)
            {
                await CloseAsync(open, tagKey, costs, cancellationToken);
                if (costs.Count == MaxValues)
                {
                    return new TagCostPage(costs, open.Last.Value[list.Length..]);
                }

                open = null;
            }

            open ??= new Sum(value);
            open.Add(summary.Key);
        }

        if (open is not null)
        {
            await CloseAsync(open, tagKey, costs, cancellationToken);
        }

        return new TagCostPage(costs, null);
    }

    /// <summary>The value's text stands in the backups alone: any of them whose key is not stale tells it.</summary>
    private async Task CloseAsync(Sum sum, string tagKey, List<TagCost> costs, CancellationToken cancellationToken)
    {
        foreach (ObjectKey key in sum.Keys)
        {
            if (BackupIndex.Parse(key) is { } hint
                && (await backups.FindAsync(hint.Name, cancellationToken))?.Document is { } backup
                && BackupIndex.Has(backup, key))
            {
                string value = backup.Tags.First(t => t.Key == tagKey).Value;
                costs.Add(new TagCost(value, sum.Backups, sum.Bytes));
                return;
            }
        }
    }

    private sealed class Sum(string digest)
    {
        // As many as may be stale before a value is left out of the report.
        private const int MaxTried = 20;

        public string Digest => digest;

        public int Backups { get; private set; }

        public long Bytes { get; private set; }

        public ObjectKey Last { get; private set; }

        public List<ObjectKey> Keys { get; } = [];

        public void Add(ObjectKey key)
        {
            Last = key;
            Backups++;
            Bytes += BackupIndex.SizeOf(key);
            if (Keys.Count < MaxTried)
            {
                Keys.Add(key);
            }
        }
    }
}
