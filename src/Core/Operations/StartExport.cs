using System.Text.Json;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Takes the name in its place, notes on the backup that it is in use, and starts the export machine, whose first step looks at the place.</summary>
public sealed class StartExport(ServiceParts parts)
{
    /// <exception cref="NotFoundException">There is no such backup.</exception>
    /// <exception cref="InvalidRequestException">The name breaks a rule.</exception>
    /// <exception cref="CatalogConflictException">
    /// The backup is not available, has no .rdb files that could be exported, or an export under that name runs already.
    /// </exception>
    /// <exception cref="TargetNotConfiguredException">Exports may not go there.</exception>
    public async Task<Export> RunAsync(StartExportRequest request, CancellationToken cancellationToken)
    {
        BucketFileName.RequireExportName(request.Name);
        BucketAddress bucket = parts.Configured.RequireExport(request.Location);
        Backup backup = await parts.Catalog.Backups.GetAsync(request.Backup, cancellationToken);
        BackupUses.RequireAvailable(backup, "exported");
        RefuseUnfit(backup);
        DateTimeOffset now = parts.Time.GetUtcNow();
        ExportId id = ExportId.Of(bucket, request.Name);
        long generation = Generations.After(0, now);
        ExecutionId execution = parts.Executions.IdOf(StateMachines.Export, $"{id}-{generation}");
        ExportJob job = new(execution, id, generation);
        Export fresh = new()
        {
            Id = id,
            Backup = backup.Name,
            BackupId = backup.Id,
            Bucket = bucket,
            Name = request.Name,
            ForElastiCache = request.ForElastiCache,
            Execution = execution,
            Generation = generation,
            StartedAt = now,
        };
        await ReserveAsync(fresh, cancellationToken);
        try
        {
            await BackupUses.BeginAsync(parts.Catalog, backup, new BackupUse(UseKind.Export, execution, now), "exported", cancellationToken);
            await parts.Executions.StartAsync(
                execution, JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.ExportJob), cancellationToken);
            return fresh;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            using CancellationTokenSource cleanup = new(AbandonBackup.TimeLimit, parts.Time);
            await new AbandonExport(parts).RunAsync(job, new FailureCause(e.GetType().Name, e.Message), cleanup.Token);
            throw;
        }
    }

    private async Task ReserveAsync(Export fresh, CancellationToken cancellationToken)
    {
        if (!await parts.Catalog.Exports.TryCreateAsync(fresh.Id, fresh, cancellationToken))
        {
            throw new CatalogConflictException(
                $"An export to {fresh.Bucket.Location} under the name {fresh.Name} runs already. Wait until it is over, or choose another name.");
        }
    }

    private static void RefuseUnfit(Backup backup)
    {
        if (backup.Origin is { Engine: CacheEngine.Memcached })
        {
            throw new CatalogConflictException($"Backup {backup.Name} is of a Memcached cache, which has no .rdb file: it cannot be exported. Restore it instead.");
        }

        if (backup.Origin is { DataTiering: true })
        {
            throw new CatalogConflictException(
                $"Backup {backup.Name} is of a cache with data tiering, which cannot be exported. Restore it into a cache without, and export a backup of that.");
        }
    }
}
