using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>Writes a new cache's record, still <c>creating</c>, and starts the machine that probes it.</summary>
public sealed class RegisterCache(ServiceParts parts)
{
    /// <exception cref="InvalidRequestException">A tag breaks a rule, or a number is outside its range.</exception>
    /// <exception cref="CatalogConflictException">There is a cache of that name.</exception>
    /// <exception cref="TargetNotAvailableHereException">It is ElastiCache's, and there is no AWS here.</exception>
    public async Task<Cache> RunAsync(RegisterCacheRequest request, CancellationToken cancellationToken)
    {
        ManagedSource? managed = request.Managed?.Checked();
        if (request.Method == BackupMethod.Native)
        {
            throw new InvalidRequestException("Only caches of ElastiCache's are backed up natively: choose stream, replication or scan, or leave the method out.");
        }

        if (managed is not null)
        {
            NativeRecords.RequireExchange(parts);
        }

        Cache? previous = (await parts.Catalog.Caches.FindAsync(request.Name, cancellationToken))?.Document;
        DateTimeOffset now = parts.Time.GetUtcNow();
        long generation = Generations.After(previous?.Generation ?? 0, now);
        ExecutionId execution = parts.Executions.IdOf(StateMachines.Register, $"{request.Name}-{generation}");
        Cache fresh = new()
        {
            Name = request.Name,
            Status = CacheStatus.Creating,
            CreatedAt = now,
            Shards = request.Address is { } address ? [new CacheShard(1, address)] : [],
            Managed = managed,
            Method = request.Method,
            AutomaticBackups = request.Retention is { } retention ? AutomaticBackups.Of(request.Name, retention, request.Window, now) : null,
            Tags = TagRules.Check(request.Tags ?? []),
            Generation = generation,
            Operation = new CacheOperation { Kind = OperationKind.Register, Execution = execution, Generation = generation, StartedAt = now },
        };

        await NewCaches.ReserveAsync(parts.Catalog, fresh, cancellationToken);
        await parts.Store.DeleteAsync(CatalogKeys.RemovedCache(request.Name), cancellationToken);
        CacheJob job = new(execution, request.Name, generation);
        try
        {
            await parts.Events.PublishAsync(
                BackupEvent.Of(EventCode.CacheRegistering, now, $"Cache {request.Name} is being registered.", request.Name, null, execution), cancellationToken);
            await parts.Executions.StartAsync(
                execution,
                JsonSerializer.SerializeToUtf8Bytes(new RegisterJob(execution, request.Name, generation, PathOf(managed)), OperationsJson.Default.RegisterJob),
                cancellationToken);
            return fresh;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            using CancellationTokenSource cleanup = new(AbandonBackup.TimeLimit, parts.Time);
            await new ProbeCache(parts).AbandonAsync(job, new FailureCause(e.GetType().Name, e.Message), cleanup.Token);
            throw;
        }
    }

    /// <summary>The machine goes one of two ways: only what is streamed is probed.</summary>
    private static BackupMethod? PathOf(ManagedSource? managed) => managed?.EffectiveMethod switch
    {
        null => null,
        BackupMethod.Native => BackupMethod.Native,
        _ => BackupMethod.Stream,
    };
}
