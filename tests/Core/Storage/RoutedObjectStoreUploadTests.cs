using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

public sealed class RoutedObjectStoreUploadTests : StrictUploadContract
{
    protected override ValueTask<IObjectStore> OpenAsync() =>
        new(new RoutedObjectStore("data/", new MemoryObjectStore(TimeProvider.System), new MemoryObjectStore(TimeProvider.System)));
}
