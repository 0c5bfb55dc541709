using CacheBackup.Core.Catalog;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>What operations work with. Each composition root (Lambda, local host, test) makes one.</summary>
public sealed record ServiceParts
{
    public required IObjectStore Store { get; init; }

    public required BackupCatalog Catalog { get; init; }

    public required EventLog Events { get; init; }

    public required IExecutions Executions { get; init; }

    public required ICaches Caches { get; init; }

    public required IProvisioner Provisioner { get; init; }

    public required IIdSource Ids { get; init; }

    /// <summary>
    /// What the object store asks for a gigabyte (10⁹ bytes) and month, in US dollars: S3 Standard's price in most Regions where nothing
    /// else is set; null where storing costs nothing that is known, as in a directory.
    /// </summary>
    public decimal? StoragePricePerGigabyteMonth { get; init; }

    public required TimeProvider Time { get; init; }
}
