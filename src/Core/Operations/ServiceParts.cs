using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Snapshots;
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

    /// <summary>Caches of ElastiCache: none, where the composition root is not in AWS.</summary>
    public IManagedCaches ManagedCaches { get; init; } = new NoManagedCaches();

    /// <summary>
    /// The exchange bucket, through which ElastiCache takes and gives <c>.rdb</c> files; what lies in it is on its way, and expires. Null
    /// where there is no ElastiCache: on one machine.
    /// </summary>
    public IObjectStore? Exchange { get; init; }

    /// <summary>The exchange bucket's name, as ElastiCache is told it; null where <see cref="Exchange"/> is.</summary>
    public string? ExchangeBucket { get; init; }

    /// <summary>Whether ElastiCache is within reach: not on one machine.</summary>
    public bool HasElastiCache => Exchange is not null;

    /// <summary>What ElastiCache holds: nothing, where the composition root is not in AWS.</summary>
    public IManagedSources ManagedSources { get; init; } = NoManagedSources.Instance;

    /// <summary>ElastiCache's own snapshots: none, where the composition root is not in AWS.</summary>
    public INativeSnapshots NativeSnapshots { get; init; } = NoManagedSources.Instance;

    /// <summary>Whether caches of ElastiCache that this service made may be deleted by it.</summary>
    public bool AllowDeleteCaches { get; init; }

    /// <summary>The Region that the service runs in; null: in none, on one machine.</summary>
    public string? Region { get; init; }

    /// <summary>Everything that is not <see cref="Store"/>.</summary>
    public IBuckets Buckets { get; init; } = NoBuckets.Instance;

    /// <summary>What requests may name of it.</summary>
    public ConfiguredBuckets Configured { get; init; } = ConfiguredBuckets.None;

    public IDownloads Downloads { get; init; } = NoDownloads.Instance;

    /// <summary>What is counted of events comes by way of <see cref="EventMetrics"/>, one of the sinks of <see cref="Events"/>.</summary>
    public IMetrics Metrics { get; init; } = NoMetrics.Instance;

    public required IIdSource Ids { get; init; }

    /// <summary>
    /// What the object store asks for a gigabyte (10⁹ bytes) and month, in US dollars: S3 Standard's price in most Regions where nothing
    /// else is set; null where storing costs nothing that is known, as in a directory.
    /// </summary>
    public decimal? StoragePricePerGigabyteMonth { get; init; }

    /// <summary>Null: the data of backups is not locked.</summary>
    public BackupLock? Lock { get; init; }

    /// <summary>The share of all backups that is read back each week, 0 (none) to 100.</summary>
    public int VerifySharePercent { get; init; }

    /// <summary>Automatic backups at once, 1 to 1000; the others wait for the next tick. So many executions copy from caches at a time.</summary>
    public int MaxRunning { get; init; } = 20;

    /// <summary>Null: as many manual backups as anybody likes.</summary>
    public BackupQuotas? Quotas { get; init; }

    /// <summary>What one call takes of a scan, beside what its time allows: nothing is set but to see slices at work.</summary>
    public SliceLimit Slices { get; init; } = SliceLimit.None;

    /// <summary>How long one call scans at most before another goes on from its checkpoint; null: as long as a call has, less 30 s.</summary>
    public TimeSpan? SliceLength { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>
    /// Where a backup's data lies. Everything that reads or removes data asks here; the catalog, progress and reports are always in
    /// <see cref="Store"/>.
    /// </summary>
    /// <exception cref="TargetNotConfiguredException">The bucket of a copy is no longer among the configured ones.</exception>
    public IObjectStore StoreOf(Backup backup) =>
        backup.Location is { } elsewhere ? Buckets.OpenStore(Configured.RequireCopyTarget(elsewhere.Location)) : Store;
}
