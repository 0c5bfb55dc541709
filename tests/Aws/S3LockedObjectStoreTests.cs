using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Aws.Tests;

/// <summary>A bucket with Object Lock, and so with versions, is as good a store as any.</summary>
public sealed class S3LockedObjectStoreTests(MotoServer moto) : ObjectStoreContract, IDisposable
{
    private readonly List<S3ObjectStore> _opened = [];

    public void Dispose() => _opened.ForEach(store => store.Dispose());

    protected override async ValueTask<IObjectStore> OpenAsync()
    {
        _opened.Add(await MotoBuckets.OpenAsync(moto, "/kept/here", S3LockMode.Governance));
        return _opened[^1];
    }
}
