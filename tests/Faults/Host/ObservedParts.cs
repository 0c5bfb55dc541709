using CacheBackup.Core.Catalog;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Faults.Host;

/// <summary>Puts an observer around every seam through which the service acts on the outside.</summary>
public static class ObservedParts
{
    public static ServiceParts Around(ServiceParts parts, EffectLog effects)
    {
        StoreEffectNames names = new(effects);
        ObservedObjectStore store = new(parts.Store, names.Tell);
        return parts with
        {
            Store = store,
            Catalog = new BackupCatalog(store, parts.Ids),
            Executions = new ObservedExecutions(parts.Executions, effects),
            Caches = new ObservedCaches(parts.Caches, effects),
            Provisioner = new ObservedProvisioner(parts.Provisioner, effects),
        };
    }
}
