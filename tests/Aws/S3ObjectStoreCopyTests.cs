using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Aws.Tests;

public sealed class S3ObjectStoreCopyTests(MotoServer moto) : ObjectCopyContract, IDisposable
{
    private readonly List<S3ObjectStore> _opened = [];

    // moto computes no SHA-256 of a copied part.
    protected override CopyProof OwnProof => CopyProof.ReadBack;

    public void Dispose() => _opened.ForEach(store => store.Dispose());

    protected override async ValueTask<IObjectStore> OpenAsync()
    {
        _opened.Add(await MotoBuckets.OpenAsync(moto, "/kept"));
        return _opened[^1];
    }
}
