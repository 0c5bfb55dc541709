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
/// happened.
/// </summary>
public sealed class CatalogShelf<TName, TDocument>(
    IObjectStore store, IIdSource ids, Func<TName, ObjectKey> keyOf, JsonTypeInfo<TDocument> type)
    where TDocument : CatalogDocument
{
    private const int MaxDocumentBytes = 5 * 1024 * 1024;

    // Each lost round means that another writer won one; more than this many in a row is a fault, not a race.
    private const int MaxRounds = 64;

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
        await WriteAsync(name, document, revision: 1, WriteCondition.Absent, cancellationToken) is not null;

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

            TDocument? written = await WriteAsync(
                name, changed, current.Document.Revision + 1, WriteCondition.Matches(current.Tag), cancellationToken);
            if (written is not null)
            {
                return written;
            }
        }

        throw new StoreUnavailableException($"Other writers won {MaxRounds} rounds in a row at {keyOf(name)}. Try again.");
    }

    /// <summary>Removes a document; one that is not there is as good as removed.</summary>
    public Task RemoveAsync(TName name, CancellationToken cancellationToken) => store.DeleteAsync(keyOf(name), cancellationToken);

    /// <summary>The documents whose key follows <paramref name="after"/>, in the order of their names, read one by one.</summary>
    public async IAsyncEnumerable<TDocument> ListAsync(
        string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
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

            if (entry is not null)
            {
                yield return entry.Document;
            }
        }
    }

    private async Task<TDocument?> WriteAsync(
        TName name, TDocument document, long revision, WriteCondition condition, CancellationToken cancellationToken)
    {
        TDocument written = document with { Revision = revision, Writer = ids.Next() };
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(written, type);
        try
        {
            await store.PutAsync(keyOf(name), bytes, condition, cancellationToken);
            return written;
        }
        catch (PreconditionFailedException)
        {
            return await WasWrittenAsync(name, written, cancellationToken) ? written : null;
        }
        catch (StoreUnavailableException)
        {
            if (await WasWrittenAsync(name, written, cancellationToken))
            {
                return written;
            }

            throw;
        }
    }

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
