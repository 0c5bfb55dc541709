using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Reserves the new cache's name, notes on the backup that it is in use, and starts the restore machine. A restore never goes into a
/// cache that exists.
/// </summary>
public sealed class StartRestore(ServiceParts parts)
{
    /// <exception cref="NotFoundException">No such backup.</exception>
    /// <exception cref="InvalidRequestException">A tag breaks a rule, or the target is not described as one can be.</exception>
    /// <exception cref="BackupNotRestorableException">The backup is not available, or does not fit an ElastiCache target.</exception>
    /// <exception cref="CatalogConflictException">There is a cache of that name.</exception>
    /// <exception cref="TargetNotAvailableHereException">A server process is asked for where none can be started: in AWS.</exception>
    public async Task<Cache> RunAsync(StartRestoreRequest request, CancellationToken cancellationToken)
    {
        TagRules.Check(request.Tags ?? []);
        RestoreTargetRules.Require(request.Target, request.Selection);
        parts.Configured.RequireCacheKey(request.Target.KmsKey);
        Backup backup = await parts.Catalog.Backups.GetAsync(request.Backup, cancellationToken);
        RestorableStatus.Require(backup, request.Target);
        request = request with { Target = Speaking(request.Target, backup) };
        RestoreReach.Require(parts, backup);
        if (request.Target.Kind == RestoreTargetKind.Server)
        {
            parts.Provisioner.RequireHere();
        }

        if (request.Target.Kind is RestoreTargetKind.Serverless or RestoreTargetKind.SelfDesigned)
        {
            // All that this check needs is recorded: who asks for too small a cluster is told at once.
            ManagedTargetCheck.Require(BackupSubject.Of(backup, request.Selection), backup.Origin!.Topology, request.Target);
            RequireRoomForOurs(request.Tags ?? backup.Tags);
        }

        await RefuseExistingAsync(request, cancellationToken);

        return await new RestoreReservation(parts, RestorePurpose.NewCache).StartAsync(request, backup, cancellationToken);
    }

    /// <summary>An endpoint speaks the backup's protocol, unless the user says otherwise, which the check refuses.</summary>
    private static RestoreTargetSpec Speaking(RestoreTargetSpec target, Backup backup) =>
        target.Endpoint is { Engine: null } endpoint && backup.Origin?.Engine == CacheEngine.Memcached
            ? target with { Endpoint = endpoint with { Engine = CacheEngine.Memcached } }
            : target;

    private static void RequireRoomForOurs(IReadOnlyList<Tag> tags)
    {
        if (tags.Count > ManagedTags.MostOfUsersOnCache)
        {
            throw new InvalidRequestException(
                $"ElastiCache takes {TagRules.MaxTags} tags, and two of them are ours ({ManagedTags.Execution}, {ManagedTags.Cache}): "
                + $"give at most {ManagedTags.MostOfUsersOnCache}, not {tags.Count}.");
        }
    }

    private async Task RefuseExistingAsync(StartRestoreRequest request, CancellationToken cancellationToken)
    {
        Cache? existing = (await parts.Catalog.Caches.FindAsync(request.Cache, cancellationToken))?.Document;
        if (existing is { Status: not CacheStatus.CreateFailed } or { Restoration: not null })
        {
            throw new CatalogConflictException(
                $"There is a cache named {request.Cache} already ({Text.Of(existing.Status)}), and a restore never writes into one that exists. "
                + "Restore into a new name, compare, and move your endpoint there; or remove the old one first.");
        }
    }
}
