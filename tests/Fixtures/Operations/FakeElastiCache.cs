using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Operations;

/// <summary>ElastiCache as far as backups see it: caches, their snapshots, and exports into a bucket in memory. What takes time in AWS takes none.</summary>
public sealed class FakeElastiCache(TimeProvider time) : IManagedSources, INativeSnapshots
{
    public const string Bucket = "exchange";

    private readonly Lock _gate = new();
    private readonly Dictionary<ManagedResource, ManagedDescription> _caches = [];
    private readonly Dictionary<ManagedResource, Func<IReadOnlyList<byte[]>>> _data = [];
    private readonly Dictionary<NativeSnapshotId, NativeSnapshot> _snapshots = [];
    private readonly Dictionary<NativeSnapshotId, IReadOnlyList<byte[]>> _content = [];
    private readonly Dictionary<string, List<Tag>> _tags = [];
    private int _exports;

    public MemoryObjectStore Exchange { get; } = new(time);

    /// <summary>What the next snapshots are when they are asked for; a test makes them <c>available</c> itself then.</summary>
    public string StatusOfNewSnapshots { get; set; } = "available";

    /// <summary>What the next request for a snapshot throws; null: it is granted.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Everything that was asked for that changes something, in order.</summary>
    public List<string> Asked { get; } = [];

    public IReadOnlyCollection<NativeSnapshot> Snapshots
    {
        get
        {
            lock (_gate)
            {
                return [.. _snapshots.Values];
            }
        }
    }

    /// <summary>A cache that holds data, one file a shard.</summary>
    public ManagedResource Add(ManagedResourceKind kind, string id, Func<IReadOnlyList<byte[]>> data, CacheEngine engine = CacheEngine.Redis, params Tag[] tags)
    {
        ManagedResource resource = new(kind, id);
        int shards = data().Count;
        lock (_gate)
        {
            _data[resource] = data;
            _caches[resource] = new ManagedDescription
            {
                Arn = $"arn:aws:elasticache:eu-central-1:123456789012:{kind.ToString().ToLowerInvariant()}:{id}",
                Status = ManagedDescription.Available,
                Engine = engine,
                EngineVersion = new CacheVersion(7, 1, 0),
                Topology = resource.IsServerless ? CacheTopology.Serverless : shards > 1 ? CacheTopology.ClusterEnabled : CacheTopology.ClusterDisabled,
                Shards = [.. Enumerable.Range(1, shards).Select(n => new ManagedShard(n, $"{n:D4}", null, new CacheEndpoint($"{id}-{n}.test", 6379)))],
                Tls = true,
            };
            _tags[_caches[resource].Arn] = [.. tags];
        }

        return resource;
    }

    public void Change(ManagedResource resource, Func<ManagedDescription, ManagedDescription> change)
    {
        lock (_gate)
        {
            _caches[resource] = change(_caches[resource]);
        }
    }

    public void Remove(ManagedResource resource)
    {
        lock (_gate)
        {
            _caches.Remove(resource);
        }
    }

    public void Set(NativeSnapshotId id, string status)
    {
        lock (_gate)
        {
            _snapshots[id] = _snapshots[id] with { Status = status };
        }
    }

    /// <summary>How much memory ElastiCache says that the snapshot's cache took, in bytes.</summary>
    public void SetBytesUsed(NativeSnapshotId id, long bytes)
    {
        lock (_gate)
        {
            _snapshots[id] = _snapshots[id] with { BytesUsed = bytes };
        }
    }

    /// <summary>A snapshot that somebody else took.</summary>
    public void AddSnapshot(NativeSnapshotId id, params Tag[] tags)
    {
        lock (_gate)
        {
            string arn = $"arn:aws:elasticache:eu-central-1:123456789012:snapshot:{id.Name}";
            _snapshots[id] = new NativeSnapshot { Id = id, Arn = arn, Status = "available" };
            _content[id] = [];
            _tags[arn] = [.. tags];
        }
    }

    public IReadOnlyList<Tag> TagsOf(NativeSnapshotId id)
    {
        lock (_gate)
        {
            return _tags[_snapshots[id].Arn];
        }
    }

    public Task<ManagedDescription?> FindAsync(ManagedResource resource, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_caches.GetValueOrDefault(resource));
        }
    }

    public Task<IReadOnlyList<Tag>> ReadTagsAsync(string arn, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Tag>>([.. _tags.GetValueOrDefault(arn) ?? []]);
        }
    }

    public Task<bool> RequestAsync(NativeSnapshotRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Asked.Add($"snapshot {request.Source} {request.Node}".TrimEnd());
            if (Refusal is { } refusal)
            {
                return Task.FromException<bool>(refusal);
            }

            if (_snapshots.ContainsKey(request.Id))
            {
                return Task.FromResult(false);
            }

            AddSnapshot(request.Id, [.. request.Tags]);
            IReadOnlyList<byte[]> content = _data[request.Source]();
            _content[request.Id] = content;
            _snapshots[request.Id] = _snapshots[request.Id] with
            {
                Status = StatusOfNewSnapshots,
                Files = request.Id.Serverless ? null : content.Count,
                EngineVersion = _caches[request.Source].EngineVersion,
            };
            return Task.FromResult(true);
        }
    }

    public Task<NativeSnapshot?> FindAsync(NativeSnapshotId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_snapshots.GetValueOrDefault(id));
        }
    }

    public Task<bool> TryDeleteAsync(NativeSnapshotId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_snapshots.GetValueOrDefault(id) is { IsAvailable: false, HasFailed: false })
            {
                return Task.FromResult(false);
            }

            _snapshots.Remove(id);
            Asked.Add($"delete {id}");
            return Task.FromResult(true);
        }
    }

    /// <summary><c>CopySnapshot</c> with a bucket.</summary>
    public async Task CopyAsync(string snapshot, string target, CancellationToken cancellationToken)
    {
        IReadOnlyList<byte[]> files = ContentOf(new NativeSnapshotId(snapshot, Serverless: false), $"copy {snapshot} to {target}");
        for (int i = 0; i < files.Count; i++)
        {
            await Exchange.PutAsync(new ObjectKey($"{target}-{i + 1:D4}.rdb"), files[i], WriteCondition.Absent, cancellationToken);
        }
    }

    /// <summary><c>ExportServerlessCacheSnapshot</c>: names that nobody has promised.</summary>
    public async Task ExportAsync(string snapshot, CancellationToken cancellationToken)
    {
        IReadOnlyList<byte[]> files = ContentOf(new NativeSnapshotId(snapshot, Serverless: true), $"export {snapshot}");
        int export = Interlocked.Increment(ref _exports);
        for (int i = 0; i < files.Count; i++)
        {
            await Exchange.PutAsync(new ObjectKey($"serverless-{export}-{(char)('a' + i)}.rdb"), files[i], WriteCondition.Absent, cancellationToken);
        }
    }

    private IReadOnlyList<byte[]> ContentOf(NativeSnapshotId id, string asked)
    {
        lock (_gate)
        {
            Asked.Add(asked);
            return _content[id];
        }
    }
}
