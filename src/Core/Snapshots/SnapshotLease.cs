using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// The right of one call to go on with a shard, held by compare-and-set on the checkpoint: a later call takes it without asking, and from then on this one's
/// writes of the checkpoint are refused.
/// </summary>
public sealed class SnapshotLease
{
    /// <summary>Numbers of parts that are asked for at a time: as many a call that dies wastes, of 10,000.</summary>
    public const int NumbersAtOnce = 32;

    private readonly IObjectStore _store;
    private readonly ObjectKey _key;
    private ObjectTag _tag;
    private int _firstNumber;

    private SnapshotLease(IObjectStore store, ObjectKey key, SnapshotCheckpoint checkpoint, ObjectTag tag, int firstNumber) =>
        (_store, _key, Checkpoint, _tag, _firstNumber) = (store, key, checkpoint, tag, firstNumber);

    private static int EndOfNumbers => StoreLimits.MaxPartNumber + 1;

    /// <summary>As it stands in the store by this call's own last write.</summary>
    public SnapshotCheckpoint Checkpoint { get; private set; }

    /// <summary>The first slice leaves. Null: a call beside it was first, and the shard goes on from that one's.</summary>
    public static async Task<SnapshotLease?> BeginAsync(
        IObjectStore store, ObjectKey key, SnapshotCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            ObjectTag tag = await store.PutAsync(key, Serialize(checkpoint), WriteCondition.Absent, cancellationToken);
            return new SnapshotLease(store, key, checkpoint, tag, checkpoint.FreeNumber);
        }
        catch (PreconditionFailedException)
        {
            return null;
        }
    }

    /// <summary>Takes the lease from whoever holds it. Null: there is no checkpoint.</summary>
    public static async Task<SnapshotLease?> TakeAsync(IObjectStore store, ObjectKey key, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ReadAsync(store, key, cancellationToken) is not (SnapshotCheckpoint found, var foundTag))
            {
                return null;
            }

            SnapshotCheckpoint taken = found with { Lease = found.Lease + 1, FreeNumber = Math.Min(found.FreeNumber + NumbersAtOnce, EndOfNumbers) };
            try
            {
                ObjectTag tag = await store.PutAsync(key, Serialize(taken), WriteCondition.Matches(foundTag), cancellationToken);
                return new SnapshotLease(store, key, taken, tag, found.FreeNumber);
            }
            catch (PreconditionFailedException)
            {
                // Somebody else took it at the same moment: it is looked at anew.
            }
        }
    }

    /// <summary>The checkpoint as it stands, whoever holds it. Null: there is none.</summary>
    public static async Task<SnapshotCheckpoint?> LookAsync(IObjectStore store, ObjectKey key, CancellationToken cancellationToken) =>
        (await ReadAsync(store, key, cancellationToken))?.Checkpoint;

    /// <summary>Numbers that are this call's own, as many as it comes to need.</summary>
    public PartNumbers Numbers() => new(
        _firstNumber,
        Checkpoint.FreeNumber,
        async cancellationToken =>
        {
            await ReplaceAsync(
                Checkpoint with { FreeNumber = Math.Min(Checkpoint.FreeNumber + NumbersAtOnce, EndOfNumbers) }, cancellationToken);
            return Checkpoint.FreeNumber;
        });

    /// <summary>Writes what a slice has left. Numbers that it did not use are free again: nothing of it is under way any more.</summary>
    /// <exception cref="NoLongerOwnerException">Another call has taken the lease.</exception>
    public async Task CommitAsync(SnapshotCheckpoint next, CancellationToken cancellationToken)
    {
        await ReplaceAsync(next, cancellationToken);
        _firstNumber = next.FreeNumber;
    }

    private async Task ReplaceAsync(SnapshotCheckpoint next, CancellationToken cancellationToken)
    {
        try
        {
            _tag = await _store.PutAsync(_key, Serialize(next), WriteCondition.Matches(_tag), cancellationToken);
            Checkpoint = next;
        }
        catch (PreconditionFailedException e)
        {
            throw new NoLongerOwnerException($"Another call goes on from the checkpoint {_key}: this one stops, and nothing that it wrote counts.", e);
        }
    }

    private static async Task<(SnapshotCheckpoint Checkpoint, ObjectTag Tag)?> ReadAsync(IObjectStore store, ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            await using ObjectContent content = await store.GetAsync(key, null, cancellationToken);
            SnapshotCheckpoint found = await JsonSerializer.DeserializeAsync(content.Stream, CatalogJson.Default.SnapshotCheckpoint, cancellationToken)
                ?? throw new CatalogUnreadableException($"The checkpoint {key} is empty.");
            return (found, content.Tag);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new CatalogUnreadableException($"The checkpoint {key} cannot be read. Take the backup again.", e);
        }
    }

    private static byte[] Serialize(SnapshotCheckpoint checkpoint) =>
        JsonSerializer.SerializeToUtf8Bytes(checkpoint, CatalogJson.Default.SnapshotCheckpoint);
}
