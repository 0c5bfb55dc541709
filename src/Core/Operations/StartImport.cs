using System.Text.Json;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>Reserves the backup's name and starts the import machine. Nothing of the file is looked at before that runs.</summary>
public sealed class StartImport(ServiceParts parts)
{
    /// <summary>What an import is listed under that names no cache.</summary>
    public static readonly CacheName UnknownCache = CacheName.Parse("imported");

    /// <exception cref="InvalidRequestException">Memcached has no .rdb files.</exception>
    /// <exception cref="CatalogConflictException">The backup's name is taken, or that of the new cache.</exception>
    /// <exception cref="TargetNotConfiguredException">Files may not be imported from there.</exception>
    public async Task<Backup> RunAsync(StartImportRequest request, CancellationToken cancellationToken)
    {
        (BucketAddress bucket, BucketFileName file) = parts.Configured.RequireImport(request.File);
        if (request.Engine == CacheEngine.Memcached)
        {
            throw new InvalidRequestException("Memcached has no .rdb files: the engine is valkey or redis.");
        }

        TagRules.Check(request.Tags ?? []);
        TagRules.Check(request.Restore?.Tags ?? []);
        if (request.Restore is { } restore)
        {
            RestoreTargetRules.Require(restore.Target, restore.Selection);
            parts.Configured.RequireCacheKey(restore.Target.KmsKey);
        }

        await RefuseTakenCacheAsync(request.Restore, cancellationToken);
        Backup? previous = (await parts.Catalog.Backups.FindAsync(request.Name, cancellationToken))?.Document;
        NewBackups.RefuseTaken(previous);
        DateTimeOffset now = parts.Time.GetUtcNow();
        long generation = Generations.After(previous?.Generation ?? 0, now);
        ExecutionId execution = parts.Executions.IdOf(StateMachines.Import, $"{request.Name}-{generation}");
        NewBackupJob job = new(execution, request.Name, generation);
        Backup fresh = new()
        {
            Name = request.Name,
            Id = new BackupId(parts.Ids.Next()),
            Kind = BackupKind.Imported,
            Status = BackupStatus.Creating,
            Cache = request.Cache ?? UnknownCache,
            Execution = execution,
            Generation = generation,
            CreatedAt = now,
            Tags = request.Tags ?? [],
            ImportedFrom = OriginOf(request, bucket, file),
        };
        await NewBackups.ReserveAsync(parts, fresh, cancellationToken);
        try
        {
            await parts.Events.PublishAsync(
                BackupEvent.Of(EventCode.BackupCreating, now, $"Backup {fresh.Name} is being imported from {bucket.Location}.", fresh.Cache, fresh.Name, execution),
                cancellationToken);
            await parts.Executions.StartAsync(
                execution, JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.NewBackupJob), cancellationToken);
            return fresh;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            using CancellationTokenSource cleanup = new(AbandonBackup.TimeLimit, parts.Time);
            await new AbandonImport(parts).RunAsync(job, new FailureCause(e.GetType().Name, e.Message), cleanup.Token);
            throw;
        }
    }

    private static ImportOrigin OriginOf(StartImportRequest request, BucketAddress bucket, BucketFileName file) => new()
    {
        Bucket = bucket,
        File = file.Value,
        Engine = request.Engine,
        EngineVersion = request.EngineVersion,
        ForElastiCache = request.ForElastiCache,
        Restore = request.Restore,
    };

    /// <summary>Said at once, and not after a long import: that a name is free now does not promise that it will be.</summary>
    private async Task RefuseTakenCacheAsync(ImportRestore? restore, CancellationToken cancellationToken)
    {
        if (restore is { Cache: var name } && (await parts.Catalog.Caches.FindAsync(name, cancellationToken))?.Document is { } existing)
        {
            throw new CatalogConflictException(
                $"There is a cache named {name} already ({Text.Of(existing.Status)}), and a restore never writes into one that exists. Choose another name.");
        }
    }
}
