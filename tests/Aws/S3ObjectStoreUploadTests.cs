using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Aws.Tests;

public sealed class S3ObjectStoreUploadTests(MotoServer moto) : ObjectUploadContract, IDisposable
{
    private readonly List<S3ObjectStore> _opened = [];

    public void Dispose() => _opened.ForEach(store => store.Dispose());

    // moto looks whether the key is there and writes it in two steps; S3 decides at the instant of the write.
    protected override int RacersAtOnce => 1;

    protected override async ValueTask<IObjectStore> OpenAsync()
    {
        _opened.Add(await MotoBuckets.OpenAsync(moto, ""));
        return _opened[^1];
    }
}
