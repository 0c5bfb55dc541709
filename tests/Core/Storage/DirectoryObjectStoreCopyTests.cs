using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

public sealed class DirectoryObjectStoreCopyTests : ObjectCopyContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private int _opened;

    protected override CopyProof OwnProof => CopyProof.ReadBack;

    public void Dispose() => _directory.Dispose();

    protected override ValueTask<IObjectStore> OpenAsync()
    {
        string path = Directory.CreateDirectory(Path.Combine(_directory.Path, $"{++_opened}")).FullName;
        return new(DirectoryObjectStore.Open(path, TimeProvider.System));
    }
}
