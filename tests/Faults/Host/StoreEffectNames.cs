using System.Collections.Concurrent;
using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Faults.Host;

/// <summary>Names an effect on the store by what it means to the service.</summary>
public sealed class StoreEffectNames(EffectLog effects)
{
    private readonly ConcurrentDictionary<ObjectKey, Backup> _backups = new();
    private readonly ConcurrentDictionary<ObjectKey, OperationKind> _held = new();

    public void Tell(StoreEffect effect)
    {
        string key = effect.Key.Value;
        switch (effect.Operation)
        {
            case StoreOperation.Put when IsSlice(key):
                effects.TellCounted(Effect.CheckpointWritten);
                break;
            case StoreOperation.CompleteUpload when IsSlice(key):
                effects.TellCounted(Effect.SliceWritten);
                break;
            case StoreOperation.BeginUpload or StoreOperation.UploadPart when IsSlice(key):
                effects.Tell($"slice's {effect.Operation}");
                break;
            case StoreOperation.BeginUpload:
                effects.TellCounted(IsIndex(key) ? Effect.IndexUploadBegun : Effect.UploadBegun);
                break;
            case StoreOperation.UploadPart:
                effects.TellCounted(IsIndex(key) ? Effect.IndexPartStored : Effect.PartStored);
                break;
            case StoreOperation.CompleteUpload:
                effects.Tell(IsIndex(key) ? Effect.IndexWritten : Effect.DataCompleted);
                break;
            case StoreOperation.Delete when key.StartsWith(CatalogKeys.Backups, StringComparison.Ordinal):
                effects.Tell(Effect.RecordRemoved);
                break;
            case StoreOperation.Delete when key.StartsWith("catalog/", StringComparison.Ordinal):
                // Index keys go with every change of a record.
                effects.Tell($"delete {key}");
                break;
            case StoreOperation.Delete:
                effects.TellCounted(Effect.ObjectRemoved);
                break;
            case StoreOperation.Put when key.StartsWith(CatalogKeys.Backups, StringComparison.Ordinal):
                effects.Tell(NameOf(effect.Key, JsonSerializer.Deserialize(effect.Content.Span, CatalogJson.Default.Backup)!));
                break;
            case StoreOperation.Put when key.StartsWith(CatalogKeys.Caches, StringComparison.Ordinal):
                effects.Tell(NameOf(effect.Key, JsonSerializer.Deserialize(effect.Content.Span, CatalogJson.Default.Cache)!));
                break;
            case StoreOperation.Put when key.StartsWith(CatalogKeys.RestoresRoot, StringComparison.Ordinal) && key.EndsWith("/plan.json", StringComparison.Ordinal):
                effects.Tell(Effect.WorkDealt);
                break;
            case StoreOperation.Put when key.StartsWith(CatalogKeys.RestoresRoot, StringComparison.Ordinal):
                effects.TellCounted(Effect.LaneAdvanced);
                break;
            case StoreOperation.Put when key.StartsWith("progress/", StringComparison.Ordinal):
                effects.Tell(Effect.ProgressWritten);
                break;
            case StoreOperation.Put when key.EndsWith("/manifest.json", StringComparison.Ordinal):
                effects.Tell(Effect.ManifestCopyWritten);
                break;
            case StoreOperation.Put when key.EndsWith("/owner.json", StringComparison.Ordinal):
                effects.Tell(Effect.OwnerNoted);
                break;
            case StoreOperation.Put when key.StartsWith("data/", StringComparison.Ordinal):
                effects.Tell(Effect.ShardRecordWritten);
                break;
            case StoreOperation.Put:
                // Index keys and events: they come with every change, and no test ends a host at one of them.
                effects.Tell($"put {key}");
                break;
            default:
                effects.Tell(effect.ToString());
                break;
        }
    }

    private static bool IsSlice(string key) => key.Contains("/slices/", StringComparison.Ordinal);

    private static bool IsIndex(string key) => key.EndsWith(".index", StringComparison.Ordinal);

    private string NameOf(ObjectKey key, Backup written)
    {
        _backups.TryGetValue(key, out Backup? before);
        _backups[key] = written;
        return written switch
        {
            { Status: BackupStatus.Creating } => Effect.NameReserved,
            { Status: BackupStatus.Failed } => Effect.BackupAbandoned,
            { Status: BackupStatus.Deleting } => Effect.MarkedDeleting,
            { Uses.Count: > 0 } => Effect.UseNoted,
            _ => before is { Uses.Count: > 0 } ? Effect.BackupLetGo : Effect.ManifestPublished,
        };
    }

    private string NameOf(ObjectKey key, Cache written)
    {
        if (written.Operation is { } operation)
        {
            _held[key] = operation.Kind;
            return operation.Kind switch
            {
                OperationKind.Backup => Effect.OperationTaken,
                OperationKind.Restore when written.Shards.Count == 0 => Effect.CacheNameReserved,
                OperationKind.Restore when written.Restoration!.ClaimedBy is null => Effect.AddressWritten,
                OperationKind.Restore => Effect.TargetClaimed,
                _ => $"cache's {operation.Kind} begun",
            };
        }

        _held.TryRemove(key, out OperationKind ended);
        return (ended, written) switch
        {
            (OperationKind.Backup, _) => Effect.CacheGivenBack,
            (OperationKind.Restore, { Status: CacheStatus.Available }) => Effect.CacheMadeAvailable,
            _ => $"cache's {ended} ended as {written.Status}",
        };
    }
}
