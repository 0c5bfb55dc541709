using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

public sealed class MemoryObjectStoreUploadTests : StrictUploadContract
{
    protected override ValueTask<IObjectStore> OpenAsync() => new(new MemoryObjectStore(TimeProvider.System));
}
