using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Data that no record of the catalog claims. It is an orphan once it is 24 hours old and the execution that wrote it has ended: the note
/// beside it names that execution; without a note it is waited for longer than any execution runs. Data with a whole manifest beside it and
/// no record of that name is no orphan but a catalog that lost a record: it is left for the catalog to be rebuilt from.
/// </summary>
public sealed class OrphanedData(ServiceParts parts)
{
    public static readonly TimeSpan Age = TimeSpan.FromHours(24);

    /// <summary>An execution runs 7 days at the most.</summary>
    public static readonly TimeSpan AgeWithoutNote = TimeSpan.FromDays(8);

    /// <summary>Objects that one call looks at, about: it ends behind the last one of some data.</summary>
    public const int MaxObjects = 5_000;

    private const string JustBehindSlash = "0";

    /// <summary>Looks at the data whose ids follow <paramref name="after"/> (empty: from the first).</summary>
    public async Task<OrphanPage> FindAsync(string after, CancellationToken cancellationToken)
    {
        List<(BackupId Id, DateTimeOffset WrittenAt)> unclaimed = [];
        string last = after;
        bool done = true;
        int objects = 0;
        (string Id, DateTimeOffset WrittenAt)? current = null;
        await using IAsyncEnumerator<string> claimed = ClaimedAsync(after, cancellationToken).GetAsyncEnumerator(cancellationToken);
        bool more = await claimed.MoveNextAsync();

        async Task EndAsync()
        {
            if (current is not { } ended)
            {
                return;
            }

            while (more && string.CompareOrdinal(claimed.Current, ended.Id) < 0)
            {
                more = await claimed.MoveNextAsync();
            }

            if (!(more && claimed.Current == ended.Id) && ended.WrittenAt < parts.Time.GetUtcNow() - Age)
            {
                unclaimed.Add((new BackupId(ended.Id), ended.WrittenAt));
            }

            last = ended.Id;
        }

        await foreach (ObjectSummary summary in parts.Store.ListAsync(CatalogKeys.DataRoot, Behind(CatalogKeys.DataRoot, after), cancellationToken))
        {
            string id = IdIn(summary.Key, CatalogKeys.DataRoot);
            if (current?.Id != id)
            {
                await EndAsync();
                if (objects >= MaxObjects)
                {
                    current = null;
                    done = false;
                    break;
                }

                current = (id, DateTimeOffset.MinValue);
            }

            objects++;
            current = (id, summary.WrittenAt > current!.Value.WrittenAt ? summary.WrittenAt : current.Value.WrittenAt);
        }

        await EndAsync();
        return new OrphanPage(await OrphansAsync(unclaimed, cancellationToken), last, done);
    }

    /// <summary>Removes an orphan: uploads, progress, then objects, the note about its owner last.</summary>
    /// <returns>How many objects went.</returns>
    public async Task<int> RemoveAsync(BackupId orphan, CancellationToken cancellationToken)
    {
        await Uploads.AbortAsync(parts.Store, orphan, cancellationToken);
        int removed = 0;
        ObjectKey note = CatalogKeys.Owner(orphan);
        foreach (string prefix in new[] { CatalogKeys.BackupProgress(orphan), CatalogKeys.Data(orphan) })
        {
            await foreach (ObjectSummary summary in parts.Store.ListAsync(prefix, null, cancellationToken))
            {
                if (summary.Key != note)
                {
                    await parts.Store.DeleteAsync(summary.Key, cancellationToken);
                    removed++;
                }
            }
        }

        await parts.Store.DeleteAsync(note, cancellationToken);
        return removed;
    }

    /// <summary>The execution that wrote the data has ended, as far as can be known.</summary>
    /// <param name="since">When the last of it was written.</param>
    public async Task<bool> HasEndedAsync(BackupId id, DateTimeOffset since, CancellationToken cancellationToken)
    {
        DateTimeOffset now = parts.Time.GetUtcNow();
        if (since >= now - Age)
        {
            return false;
        }

        return since < now - AgeWithoutNote
            || (await DataOwners.FindAsync(parts.Store, id, cancellationToken) is { } owner
                && parts.Executions.Knows(owner.Execution)
                && await parts.Executions.DescribeAsync(owner.Execution, cancellationToken) is not { Status: ExecutionStatus.Running });
    }

    internal static string? Behind(string root, string id) => id.Length == 0 ? null : root + id + JustBehindSlash;

    internal static string IdIn(ObjectKey key, string root)
    {
        int slash = key.Value.IndexOf('/', root.Length);
        return slash < 0 ? key.Value[root.Length..] : key.Value[root.Length..slash];
    }

    private async IAsyncEnumerable<string> ClaimedAsync(
        string after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in parts.Store.ListAsync(
            CatalogKeys.BackupsByData, Behind(CatalogKeys.BackupsByData, after), cancellationToken))
        {
            yield return IdIn(summary.Key, CatalogKeys.BackupsByData);
        }
    }

    /// <summary>The index is a hint; before bytes go, every record of the catalog has been asked.</summary>
    private async Task<IReadOnlyList<BackupId>> OrphansAsync(
        List<(BackupId Id, DateTimeOffset WrittenAt)> unclaimed, CancellationToken cancellationToken)
    {
        List<BackupId> orphans = [];
        foreach ((BackupId id, DateTimeOffset writtenAt) in unclaimed)
        {
            if (await HasEndedAsync(id, writtenAt, cancellationToken) && !await MayBeLostAsync(id, cancellationToken))
            {
                orphans.Add(id);
            }
        }

        if (orphans.Count == 0)
        {
            return orphans;
        }

        bool allRead = true;
        HashSet<BackupId> left = [.. orphans];
        await foreach (Backup backup in parts.Catalog.Backups.ListAsync(CatalogKeys.Backups, null, _ => allRead = false, cancellationToken))
        {
            left.Remove(backup.Id);
        }

        // A record that cannot be read may be the one that claims the data.
        return allRead ? [.. orphans.Where(left.Contains)] : [];
    }

    private async Task<bool> MayBeLostAsync(BackupId id, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await parts.Store.GetAsync(CatalogKeys.ManifestCopy(id), null, cancellationToken);
            Backup? manifest = await System.Text.Json.JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.Backup, cancellationToken);
            return manifest is null || await parts.Catalog.Backups.FindAsync(manifest.Name, cancellationToken) is null;
        }
        catch (ObjectNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidRequestException or CatalogUnreadableException)
        {
            return true;
        }
    }
}
