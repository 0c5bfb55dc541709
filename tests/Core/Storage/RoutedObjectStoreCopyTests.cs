using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

public sealed class RoutedObjectStoreCopyTests : ObjectCopyContract
{
    protected override CopyProof OwnProof => CopyProof.ReadBack;

    // The source's key is in one of the two, the target's in the other.
    protected override ValueTask<IObjectStore> OpenAsync() =>
        new(new RoutedObjectStore("data/one/", new MemoryObjectStore(TimeProvider.System), new MemoryObjectStore(TimeProvider.System)));
}
