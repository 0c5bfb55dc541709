using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Sees that the target is empty and writes into the catalog that this execution found it so. From then on this execution alone may
/// replace keys there, which makes every range repeatable.
/// </summary>
public sealed class ClaimTarget(ServiceParts parts)
{
    /// <exception cref="BackupNotRestorableException">The backup does not fit the user's endpoint; the message names both sides.</exception>
    /// <exception cref="TargetNotEmptyException">The target holds keys or functions that are not this execution's.</exception>
    public async Task RunAsync(RestoreJob job, CancellationToken cancellationToken)
    {
        RestoreRecords records = await RestoreRecords.ReadAsync(parts.Catalog, job, cancellationToken);
        if (records.Restoration.ClaimedBy == job.Execution)
        {
            return;
        }

        bool isEndpoint = records.Restoration.Target.Kind == RestoreTargetKind.Endpoint;
        if (isEndpoint)
        {
            // Taken by the check, before anything looked at the endpoint: what another restore finished in between is seen below.
            await new EndpointClaim(parts.Store).RequireAsync(records.Address.Endpoint, job, cancellationToken);
        }

        CacheProbe probe;
        await using (IRestoreTarget target = await parts.Caches.ConnectTargetAsync(records.Address, cancellationToken))
        {
            probe = await target.DescribeAsync(cancellationToken);
        }

        if (isEndpoint)
        {
            RequireRestorable(records, probe);
        }

        RestoreCheck.RequireEmpty(probe);

        await parts.Catalog.Caches.ChangeAsync(
            job.Cache,
            current =>
            {
                Ownership.Check(current, job.Execution, job.Generation);
                Cache claimed = current with { Restoration = current.Restoration! with { ClaimedBy = job.Execution } };
                return isEndpoint
                    ? claimed with { Engine = probe.Engine, EngineVersion = probe.Version, Topology = TopologyOf(probe) }
                    : claimed;
            },
            cancellationToken);
    }

    private static CacheTopology TopologyOf(CacheProbe probe) => probe.ClusterEnabled ? CacheTopology.ClusterEnabled : CacheTopology.ClusterDisabled;

    private static void RequireRestorable(RestoreRecords records, CacheProbe probe)
    {
        RestoreTargetSpec target = records.Restoration.Target;
        RestoreSubject subject = BackupSubject.Of(records.Backup, records.Restoration.Selection);
        if (target.Engine is { } wanted && wanted != probe.Engine)
        {
            throw new BackupNotRestorableException(
                $"{records.Address.Endpoint} runs {RestoreCheck.Name(probe.Engine)} {probe.Version}, and {RestoreCheck.Name(wanted)} was asked for.");
        }

        RestoreCheck.RequireRestorable(subject, probe, EngineChanges.Of(target), target.AllowRefused);
    }
}
