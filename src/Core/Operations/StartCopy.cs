using System.Text.Json;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Reserves the copy's name, notes on the source that it is in use, and starts the copy machine. The copy is a backup of its own from then
/// on: what becomes of its source later does not concern it.
/// </summary>
public sealed class StartCopy(ServiceParts parts)
{
    /// <exception cref="NotFoundException">There is no such backup.</exception>
    /// <exception cref="CatalogConflictException">The source is not available, or the name is taken.</exception>
    /// <exception cref="TargetNotConfiguredException">Copies may not go there.</exception>
    public async Task<Backup> RunAsync(StartCopyRequest request, CancellationToken cancellationToken)
    {
        TagRules.Check(request.Tags ?? []);
        BucketAddress? location = request.Location is { } asked ? parts.Configured.RequireCopyTarget(asked) : null;
        Backup source = await parts.Catalog.Backups.GetAsync(request.Source, cancellationToken);
        BackupUses.RequireAvailable(source, "copied");
        Backup? previous = (await parts.Catalog.Backups.FindAsync(request.Name, cancellationToken))?.Document;
        NewBackups.RefuseTaken(previous);
        DateTimeOffset now = parts.Time.GetUtcNow();
        long generation = Generations.After(previous?.Generation ?? 0, now);
        ExecutionId execution = parts.Executions.IdOf(StateMachines.Copy, $"{request.Name}-{generation}");
        NewBackupJob job = new(execution, request.Name, generation);
        Backup fresh = new()
        {
            Name = request.Name,
            Id = new BackupId(parts.Ids.Next()),
            Kind = BackupKind.Copy,
            Status = BackupStatus.Creating,
            Cache = source.Cache,
            Execution = execution,
            Generation = generation,
            CreatedAt = now,
            Tags = request.Tags ?? source.Tags,
            Location = location,
            CopiedFrom = new CopyOrigin(source.Name, source.Id),
        };
        await NewBackups.ReserveAsync(parts, fresh, cancellationToken);
        try
        {
            BackupUse use = new(UseKind.Copy, execution, now);
            await BackupUses.BeginAsync(parts.Catalog, source, use, "copied", cancellationToken);
            await parts.Events.PublishAsync(
                BackupEvent.Of(EventCode.BackupCreating, now, $"Backup {fresh.Name} is being copied from {source.Name}.", fresh.Cache, fresh.Name, execution),
                cancellationToken);
            await parts.Executions.StartAsync(
                execution, JsonSerializer.SerializeToUtf8Bytes(job, OperationsJson.Default.NewBackupJob), cancellationToken);
            return fresh;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            using CancellationTokenSource cleanup = new(AbandonBackup.TimeLimit, parts.Time);
            await new AbandonCopy(parts).RunAsync(job, new FailureCause(e.GetType().Name, e.Message), cleanup.Token);
            throw;
        }
    }
}
