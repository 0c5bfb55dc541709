using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Starts the proof of a backup: it is restored into a throw-away cache of its own engine, every key is compared, and the cache is removed
/// whatever happens.
/// </summary>
public sealed class StartRestoreTest(ServiceParts parts)
{
    private const string NamePrefix = "proof-";

    /// <returns>The backup, in use by the test.</returns>
    /// <exception cref="NotFoundException">No such backup.</exception>
    /// <exception cref="BackupNotRestorableException">The backup is not available.</exception>
    /// <exception cref="CatalogConflictException">The backup is being tested already.</exception>
    /// <exception cref="TargetNotAvailableHereException">There is nothing here in which a throw-away cache could be made: in AWS.</exception>
    public async Task<Backup> RunAsync(BackupName name, CancellationToken cancellationToken)
    {
        Backup backup = await parts.Catalog.Backups.GetAsync(name, cancellationToken);
        RestoreTargetSpec target = new();
        RestorableStatus.Require(backup, target);
        parts.Provisioner.RequireHere();
        RestoreReach.Require(parts, backup);
        if (backup.Uses.FirstOrDefault(use => use.Kind == UseKind.RestoreTest) is { } running)
        {
            throw new CatalogConflictException(
                $"Backup {name} is being tested already since {running.Since:u} (execution {running.Execution}). Wait until it is over.");
        }

        // A name that nobody has had: what a test leaves behind can never be taken for another cache.
        CacheName cache = CacheName.Parse(NamePrefix + parts.Ids.Next());
        StartRestoreRequest request = new(name, cache, target, Tags: []);
        await new RestoreReservation(parts, RestorePurpose.Test).StartAsync(request, backup, cancellationToken);
        return await parts.Catalog.Backups.GetAsync(name, cancellationToken);
    }
}
