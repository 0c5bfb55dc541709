using CacheBackup.Core.Buckets;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Operations;

/// <summary>The parts of the service in memory, and records to begin a test with.</summary>
public sealed class MemoryService
{
    public MemoryService(TimeProvider time, Func<IObjectStore, IObjectStore>? wrap = null)
    {
        Store = new MemoryObjectStore(time);
        IObjectStore store = wrap?.Invoke(Store) ?? Store;
        SequentialIds ids = new();
        Executions = new MemoryExecutions(time);
        Buckets = new MemoryBuckets(time);
        ElastiCache = new FakeElastiCache(time);
        Parts = new ServiceParts
        {
            Store = store,
            Catalog = new BackupCatalog(store, ids),
            Events = new EventLog(store, [new EventMetrics(Metrics)]),
            Metrics = Metrics,
            Executions = Executions,
            Caches = Caches,
            Provisioner = Provisioner,
            Buckets = Buckets,
            Configured = new ConfiguredBuckets
            {
                ExportBuckets = [BucketAddress.Parse("s3://exports")],
                ImportBuckets = [BucketAddress.Parse("s3://imports")],
                CopyTargets = [BucketAddress.Parse("s3://copies?region=eu-west-1&kms-key=alias/copies")],
            },
            Ids = ids,
            Time = time,
            ManagedSources = ElastiCache,
            NativeSnapshots = ElastiCache,
            Exchange = ElastiCache.Exchange,
            ExchangeBucket = FakeElastiCache.Bucket,
        };
    }

    /// <summary>The store itself, without what it is wrapped in.</summary>
    public MemoryObjectStore Store { get; }

    public MemoryExecutions Executions { get; }

    public MemoryBuckets Buckets { get; }

    public MemoryMetrics Metrics { get; } = new();

    public ScriptedCaches Caches { get; } = new();

    public FakeElastiCache ElastiCache { get; }

    public MemoryProvisioner Provisioner { get; } = new();

    public ServiceParts Parts { get; private set; }

    /// <summary>Null: not known.</summary>
    public decimal? StoragePricePerGigabyteMonth
    {
        init => Parts = Parts with { StoragePricePerGigabyteMonth = value };
    }

    /// <summary>Whether caches may be deleted in ElastiCache.</summary>
    public bool AllowDeleteCaches
    {
        init => Parts = Parts with { AllowDeleteCaches = value };
    }

    public async Task<Cache> AddCacheAsync(string name, CacheStatus status = CacheStatus.Available)
    {
        Cache cache = new()
        {
            Name = CacheName.Parse(name),
            Status = status,
            CreatedAt = Parts.Time.GetUtcNow(),
            Shards = [new CacheShard(1, new CacheAddress { Endpoint = new CacheEndpoint($"{name}.test", 6379) })],
            Engine = CacheEngine.Redis,
            EngineVersion = new CacheVersion(7, 0, 15),
            Topology = CacheTopology.ClusterDisabled,
            Tags = [new Tag("team", "one")],
        };
        Require(await Parts.Catalog.Caches.TryCreateAsync(cache.Name, cache, default), name);
        return cache;
    }

    /// <summary>A record without data.</summary>
    public async Task<Backup> AddBackupAsync(string name, BackupStatus status, string cache = "source")
    {
        BackupName backupName = BackupName.Parse(name);
        Backup backup = new()
        {
            Name = backupName,
            Id = new BackupId(Parts.Ids.Next()),
            Kind = BackupKind.Manual,
            Status = status,
            Cache = CacheName.Parse(cache),
            Execution = Executions.IdOf(StateMachines.Backup, $"{name}-1"),
            Generation = 1,
            CreatedAt = Parts.Time.GetUtcNow(),
        };
        Require(await Parts.Catalog.Backups.TryCreateAsync(backupName, backup, default), name);
        return backup;
    }

    /// <summary>A backup of one shard, taken from a cache of that name by the operations themselves.</summary>
    public async Task<Backup> TakeBackupAsync(string name, string cache = "source")
    {
        await AddCacheAsync(cache);
        Backup started = await new StartBackup(Parts).RunAsync(
            new StartBackupRequest(BackupName.Parse(name), CacheName.Parse(cache), BackupKind.Manual), default);
        BackupJob job = new(started.Execution, started.Name, started.Cache, started.Generation);
        await new SnapshotShard(Parts).RunAsync(job, 1, default);
        Backup backup = await new CompleteBackup(Parts).RunAsync(job, default);
        Executions.End(started.Execution, ExecutionStatus.Succeeded);
        return backup;
    }

    private static void Require(bool created, string name)
    {
        if (!created)
        {
            throw new InvalidOperationException($"The test has made {name} already.");
        }
    }
}
