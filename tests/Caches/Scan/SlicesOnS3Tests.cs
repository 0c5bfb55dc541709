using Amazon.Runtime;
using Amazon.S3;
using CacheBackup.Aws;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Snapshots;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Fixtures.Snapshots;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>Slices whose parts, checkpoints and remembered keys lie in S3, as far as moto is that.</summary>
[Trait("Category", "Server")]
public sealed class SlicesOnS3Tests(MotoServer moto) : IClassFixture<MotoServer>, IAsyncLifetime
{
    private const int Slices = 3;

    private S3ObjectStore? _opened;
    private ScannedServer? _source;

    private S3ObjectStore Store => _opened ?? throw new InvalidOperationException("The store was not opened.");

    private ScannedServer Source => _source ?? throw new InvalidOperationException("The source was not started.");

    public async ValueTask InitializeAsync()
    {
        var options = new S3StoreOptions { Endpoint = await moto.EndpointAsync() };
        BasicAWSCredentials credentials = new("test", "test");
        string bucket = $"slices-{Guid.CreateVersion7():n}";
        using AmazonS3Client client = new(
            credentials, new AmazonS3Config { ServiceURL = options.Endpoint!.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        await client.PutBucketAsync(bucket);
        _opened = S3ObjectStore.Open(S3Location.Parse($"s3://{bucket}/kept"), options, TimeProvider.System, credentials);
        _source = await SlicedScanTests.FilledAsync(CacheEngine.Redis, Slices * SlicedScanTests.SliceBytes / SlicedScanTests.ValueBytes);
    }

    public async ValueTask DisposeAsync()
    {
        _opened?.Dispose();
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    [Fact]
    public async Task With_a_crash_and_a_zombie_in_each_slice_the_object_is_byte_for_byte_the_uncut_file()
    {
        byte[] uncut = await SlicedScanTests.UncutAsync(Source);
        var run = new SlicedRun(() => SlicedScanTests.Frozen(Source), Store);
        await run.RunAmongCrashesAndZombiesAsync(new SliceLimit { Bytes = SlicedScanTests.SliceBytes }, longSlices: Slices);

        Assert.Equal(uncut, await run.StoredAsync());
        Assert.True(run.Slices >= Slices, "it was not cut: the test tests nothing");
    }

    [Fact]
    public async Task A_backup_in_slices_of_which_one_died_is_published_and_leaves_nothing_beside_its_data()
    {
        ServiceParts parts = PartsOn(Store);
        BackupJob job = await BeginAsync(parts);
        SliceLimit limit = new() { Bytes = SlicedScanTests.SliceBytes };
        Assert.Null(await new SnapshotShard(parts).RunAsync(job, 1, limit, default));
        var dying = new ObservedObjectStore(Store, effect =>
        {
            if (effect.Operation == StoreOperation.UploadPart)
            {
                throw new InvalidOperationException("Planned: the process dies.");
            }
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => new SnapshotShard(PartsOn(dying)).RunAsync(job, 1, limit, default));
        ShardManifest? shard = null;
        for (int i = 0; shard is null && i < 10 * Slices; i++)
        {
            shard = await new SnapshotShard(parts).RunAsync(job, 1, limit, default);
        }

        Backup backup = await new CompleteBackup(parts).RunAsync(job, default);
        Assert.Equal(BackupStatus.Available, backup.Status);
        Assert.True(shard!.Scan!.Slices >= Slices);
        RdbContent content = RdbContent.Of((await Store.ReadAsync(shard.DataKey)).Bytes);
        Assert.Equal(RdbContent.Of((await Source.TakeAsync()).Rdb).Entries, content.Entries);
        Assert.Empty(await Store.ListUploadsAsync("data/", default).ToListAsync());
        ObjectKey[] kept = await Store.ListAsync("data/", null, default).Select(left => left.Key).ToArrayAsync();
        Assert.Contains(shard.DataKey, kept);
        Assert.Contains(shard.IndexKey, kept);
        Assert.DoesNotContain(kept, key => key.Value.Contains("/slices/", StringComparison.Ordinal));
    }

    private static ServiceParts PartsOn(IObjectStore store) => new MemoryService(TimeProvider.System).Parts with
    {
        Store = store,
        Catalog = new BackupCatalog(store, new RandomIds()),
        Events = new EventLog(store, []),
        Caches = new LiveCaches(KnownPassword.Instance, TimeProvider.System),
        Ids = new RandomIds(),
    };

    private async Task<BackupJob> BeginAsync(ServiceParts parts)
    {
        Cache cache = new()
        {
            Name = CacheName.Parse("source"),
            Status = CacheStatus.Available,
            CreatedAt = parts.Time.GetUtcNow(),
            Shards = [new CacheShard(1, Source.Server.Address)],
            Engine = CacheEngine.Redis,
            EngineVersion = new CacheVersion(7, 0, 15),
            Topology = CacheTopology.ClusterDisabled,
        };
        Assert.True(await parts.Catalog.Caches.TryCreateAsync(cache.Name, cache, default));
        Backup started = await new StartBackup(parts).RunAsync(
            new StartBackupRequest(BackupName.Parse("first"), cache.Name, BackupKind.Manual), default);
        return new BackupJob(started.Execution, started.Name, started.Cache, started.Generation);
    }
}
