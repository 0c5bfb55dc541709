using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Catalog;

/// <summary>
/// The documents of one kind. They are changed only by conditional writes. A write whose outcome is unknown — its acknowledgement was
/// lost, or a repetition of it met its own effect — is settled by reading back: our <see cref="CatalogDocument.Writer"/> means that it
/// happened. Index keys are hints: they stand before the document says what they say, and go after it no longer does; who reads one
/// compares it with the document.
/// </summary>
/// <param name="keyOf">Where the document of a name stands.</param>
/// <param name="indexKeysOf">Empty objects by which a document is found in other orders than by name; a function of the document alone.</param>
public sealed class CatalogShelf<TName, TDocument>(
    IObjectStore store, IIdSource ids, Func<TName, ObjectKey> keyOf, Func<TDocument, IEnumerable<ObjectKey>> indexKeysOf, JsonTypeInfo<TDocument> type)
    where TDocument : CatalogDocument
{
    private const int MaxDocumentBytes = 5 * 1024 * 1024;

    // Each lost round means that another writer won one; more than this many in a row is a fault, not a race.
    private const int MaxRounds = 64;

    // A backup of 50 tags has 55 index keys.
    private const int IndexWritesAtOnce = 8;

    private static readonly byte[] Empty = [];

    /// <summary>The document and its tag, null where there is none.</summary>
    public async Task<CatalogEntry<TDocument>?> FindAsync(TName name, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(keyOf(name), null, cancellationToken);
            return await ReadAsync(content, keyOf(name), cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="NotFoundException">There is no such document.</exception>
    public async Task<TDocument> GetAsync(TName name, CancellationToken cancellationToken) =>
        (await FindAsync(name, cancellationToken))?.Document ?? throw Missing(name);

    /// <summary>Creates a document; false where one of that name exists already, which is then left as it is.</summary>
    public async Task<bool> TryCreateAsync(TName name, TDocument document, CancellationToken cancellationToken) =>
        await WriteAsync(name, null, document, WriteCondition.Absent, cancellationToken) is not null;

    /// <summary>
    /// Changes a document by compare-and-set; <paramref name="change"/> is called again on what is there after a lost race, and refuses
    /// by throwing. Returning the document itself changes nothing.
    /// </summary>
    /// <exception cref="NotFoundException">There is no such document.</exception>
    /// <exception cref="StoreUnavailableException">Other writers won every round.</exception>
    public async Task<TDocument> ChangeAsync(TName name, Func<TDocument, TDocument> change, CancellationToken cancellationToken)
    {
        for (int round = 0; round < MaxRounds; round++)
        {
            CatalogEntry<TDocument> current = await FindAsync(name, cancellationToken) ?? throw Missing(name);
            TDocument changed = change(current.Document);
            if (ReferenceEquals(changed, current.Document))
            {
                return changed;
            }

            TDocument? written = await WriteAsync(name, current.Document, changed, WriteCondition.Matches(current.Tag), cancellationToken);
            if (written is not null)
            {
                return written;
            }
        }

        throw new StoreUnavailableException($"Other writers won {MaxRounds} rounds in a row at {keyOf(name)}. Try again.");
    }

    /// <summary>Removes a document; one that is not there is as good as removed.</summary>
    /// <param name="isMeant">Asked of the very document that goes: one that another wrote meanwhile is asked about anew.</param>
    /// <exception cref="StoreUnavailableException">Other writers won every round.</exception>
    public async Task RemoveAsync(TName name, Func<TDocument, bool> isMeant, CancellationToken cancellationToken)
    {
        TDocument? meant = null;
        for (int round = 0; round < MaxRounds; round++)
        {
            CatalogEntry<TDocument>? current = await FindAsync(name, cancellationToken);
            if (current is not null && !isMeant(current.Document))
            {
                return;
            }

            if (current is null || await TryDeleteAsync(name, current.Tag, cancellationToken))
            {
                // Gone by us now, or by an earlier round whose answer was lost.
                ObjectKey[] keys = [.. (current?.Document ?? meant) is { } removed ? indexKeysOf(removed) : []];
                await RemoveIndexAsync(keys, cancellationToken);
                await RestoreIndexAsync(name, keys, cancellationToken);
                return;
            }

            meant = current.Document;
        }

        throw new StoreUnavailableException($"Other writers won {MaxRounds} rounds in a row at {keyOf(name)}. Try again.");
    }

    /// <summary>Writes the index keys of a document that may lack some.</summary>
    public Task IndexAsync(TDocument document, CancellationToken cancellationToken) => AddIndexAsync(indexKeysOf(document), cancellationToken);

    /// <summary>The documents whose key follows <paramref name="after"/>, in the order of their keys, read one by one.</summary>
    /// <param name="unreadable">Told of each document that cannot be read, which is then left out; null: the first one is thrown.</param>
    public async IAsyncEnumerable<TDocument> ListAsync(
        string prefix,
        string? after,
        Action<UnreadableRecord>? unreadable,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ObjectSummary summary in store.ListAsync(prefix, after, cancellationToken))
        {
            CatalogEntry<TDocument>? entry = null;
            try
            {
                await using ObjectContent content = await store.GetAsync(summary.Key, null, cancellationToken);
                entry = await ReadAsync(content, summary.Key, cancellationToken);
            }
            catch (ObjectNotFoundException)
            {
                // Removed between LIST and GET: it is no longer part of the answer.
            }
            catch (CatalogUnreadableException e) when (unreadable is not null)
            {
                string file = summary.Key.Value[(summary.Key.Value.LastIndexOf('/') + 1)..];
                unreadable(new UnreadableRecord(Path.GetFileNameWithoutExtension(file), e.Message));
            }

            if (entry is not null)
            {
                yield return entry.Document;
            }
        }
    }

    private async Task<TDocument?> WriteAsync(
        TName name, TDocument? before, TDocument document, WriteCondition condition, CancellationToken cancellationToken)
    {
        TDocument written = document with { Revision = (before?.Revision ?? 0) + 1, Writer = ids.Next() };
        HashSet<ObjectKey> oldKeys = before is null ? [] : [.. indexKeysOf(before)];
        HashSet<ObjectKey> newKeys = [.. indexKeysOf(written)];
        await AddIndexAsync(newKeys.Except(oldKeys), cancellationToken);
        if (!await TryPutAsync(name, written, condition, cancellationToken))
        {
            // The keys stay: the next writer may have come to need one of them since.
            return null;
        }

        ObjectKey[] gone = [.. oldKeys.Except(newKeys)];
        await RemoveIndexAsync(gone, cancellationToken);
        await RestoreIndexAsync(name, gone, cancellationToken);
        return written;
    }

    /// <returns>False: another writer came first.</returns>
    private async Task<bool> TryPutAsync(TName name, TDocument written, WriteCondition condition, CancellationToken cancellationToken)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(written, type);
        try
        {
            await store.PutAsync(keyOf(name), bytes, condition, cancellationToken);
            return true;
        }
        catch (PreconditionFailedException)
        {
            return await WasWrittenAsync(name, written, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            if (await WasWrittenAsync(name, written, cancellationToken))
            {
                return true;
            }

            throw;
        }
    }

    /// <returns>False: it is no longer what was read.</returns>
    private async Task<bool> TryDeleteAsync(TName name, ObjectTag tag, CancellationToken cancellationToken)
    {
        try
        {
            await store.DeleteAsync(keyOf(name), WriteCondition.Matches(tag), cancellationToken);
            return true;
        }
        catch (PreconditionFailedException)
        {
            return false;
        }
    }

    private Task AddIndexAsync(IEnumerable<ObjectKey> keys, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        keys, AtOnce(cancellationToken), async (key, token) => await store.PutAsync(key, Empty, WriteCondition.None, token));

    private async Task RemoveIndexAsync(IEnumerable<ObjectKey> keys, CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(keys, AtOnce(cancellationToken), async (key, token) => await store.DeleteAsync(key, token));
        }
        catch (StoreUnavailableException)
        {
            // The document is written; a hint that outlives it is found out by whoever reads it, and mended by the purge.
        }
    }

    /// <summary>A writer that came after us may need a key that we have just removed, and may have written it before we did.</summary>
    private async Task RestoreIndexAsync(TName name, ObjectKey[] removed, CancellationToken cancellationToken)
    {
        if (removed.Length > 0 && await FindAsync(name, cancellationToken) is { } now)
        {
            await AddIndexAsync(indexKeysOf(now.Document).Intersect(removed), cancellationToken);
        }
    }

    private static ParallelOptions AtOnce(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = IndexWritesAtOnce, CancellationToken = cancellationToken };

    private async Task<bool> WasWrittenAsync(TName name, TDocument written, CancellationToken cancellationToken) =>
        (await FindAsync(name, cancellationToken))?.Document.Writer == written.Writer;

    private async Task<CatalogEntry<TDocument>> ReadAsync(ObjectContent content, ObjectKey key, CancellationToken cancellationToken)
    {
        if (content.LengthBytes > MaxDocumentBytes)
        {
            throw new CatalogUnreadableException($"{key} has {content.LengthBytes} bytes; a catalog document has at most {MaxDocumentBytes}.");
        }

        try
        {
            TDocument? document = await JsonSerializer.DeserializeAsync(content.Stream, type, cancellationToken);
            return document is { SchemaVersion: 1 }
                ? new CatalogEntry<TDocument>(document, content.Tag)
                : throw new CatalogUnreadableException(
                    $"{key} has schema version {document?.SchemaVersion}; this program reads version 1. Use the version that wrote it.");
        }
        catch (Exception e) when (e is JsonException or InvalidRequestException or ArgumentException)
        {
            throw new CatalogUnreadableException($"{key} is not a catalog document that this version reads.", e);
        }
    }

    private static NotFoundException Missing(TName name) => new($"There is no {typeof(TDocument).Name.ToLowerInvariant()} named {name}.");
}
