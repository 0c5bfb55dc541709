using CacheBackup.Core.Storage;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

public sealed class MemoryObjectStoreCopyTests : ObjectCopyContract
{
    protected override CopyProof OwnProof => CopyProof.ReadBack;

    protected override ValueTask<IObjectStore> OpenAsync() => new(new MemoryObjectStore(TimeProvider.System));
}
