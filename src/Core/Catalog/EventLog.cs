using System.Runtime.CompilerServices;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>
/// The events, newest first: all of them, those of one cache, those of one backup. Kept 14 days: AWS expires <c>events/</c> by a
/// lifecycle rule, elsewhere the purge does. An event is written once for each list that it stands in, so that a page needs one LIST.
/// </summary>
public sealed class EventLog(IObjectStore store, IReadOnlyList<IEventSink> sinks)
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(14);

    private const int MaxEventBytes = 64 * 1024;

    /// <summary>Writes the event and passes it on. A second telling replaces the first.</summary>
    /// <exception cref="StoreUnavailableException">It was not written: the step that tells it is to be repeated.</exception>
    public async Task PublishAsync(BackupEvent told, CancellationToken cancellationToken)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(told, CatalogJson.Default.BackupEvent);
        try
        {
            foreach (string list in ListsOf(told))
            {
                await store.PutAsync(new ObjectKey(list + MarkerOf(told)), bytes, WriteCondition.None, cancellationToken);
            }
        }
        catch (StoreFullException)
        {
            // A full store must not keep anybody from deleting: the change itself is in the catalog.
        }

        foreach (IEventSink sink in sinks)
        {
            await sink.SendAsync(told, cancellationToken);
        }
    }

    /// <summary>Events newest first.</summary>
    /// <param name="list">One of <see cref="CatalogKeys.Events"/>, <see cref="CatalogKeys.CacheEvents"/>, <see cref="CatalogKeys.BackupEvents"/>.</param>
    /// <param name="after">The marker of the event to go on behind, null from the newest.</param>
    public async IAsyncEnumerable<BackupEvent> ListAsync(
        string list, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in store.ListAsync(list, after is null ? null : list + after, cancellationToken))
        {
            if (await ReadAsync(summary.Key, cancellationToken) is { } found)
            {
                yield return found;
            }
        }
    }

    /// <summary>By which <see cref="ListAsync"/> goes on behind this event.</summary>
    public static string MarkerOf(BackupEvent told) => DescendingTime.KeyOf(told.At, told.Id);

    /// <summary>Removes what is older than 14 days, oldest lists included.</summary>
    /// <returns>How many objects went.</returns>
    public async Task<int> ExpireAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        int removed = 0;
        await foreach (ObjectSummary summary in store.ListAsync(CatalogKeys.EventsRoot, null, cancellationToken))
        {
            if (DescendingTime.ParseEnd(summary.Key.Value)?.Time < now - Kept)
            {
                await store.DeleteAsync(summary.Key, cancellationToken);
                removed++;
            }
        }

        return removed;
    }

    private async Task<BackupEvent?> ReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(key, null, cancellationToken);
            return content.LengthBytes > MaxEventBytes
                ? null
                : await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.BackupEvent, cancellationToken);
        }
        catch (Exception e) when (e is ObjectNotFoundException or JsonException)
        {
            // Expired between LIST and GET, or of a newer version: the other events are shown.
            return null;
        }
    }

    private static IEnumerable<string> ListsOf(BackupEvent told)
    {
        yield return CatalogKeys.Events;
        if (told.Cache is { } cache)
        {
            yield return CatalogKeys.CacheEvents(cache);
        }

        if (told.Backup is { } backup)
        {
            yield return CatalogKeys.BackupEvents(backup);
        }
    }
}
