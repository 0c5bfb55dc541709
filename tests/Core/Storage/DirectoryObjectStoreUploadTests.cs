using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

public sealed class DirectoryObjectStoreUploadTests : StrictUploadContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    protected override ValueTask<IObjectStore> OpenAsync() => new(DirectoryObjectStore.Open(_directory.Path, TimeProvider.System));
}
