using CacheBackup.Core.Storage.Files;

namespace CacheBackup.Core.Storage;

/// <content>Copies between directories of one machine.</content>
public sealed partial class DirectoryObjectStore : IServerSideCopy
{
    /// <remarks>The kernel copies, and shares blocks where the file system can; two file systems cost a read and a write.</remarks>
    public Task<ServerSideCopy?> TryCopyAsync(
        IObjectStore source, ObjectKey sourceKey, long lengthBytes, ObjectKey key, CancellationToken cancellationToken) =>
        source is DirectoryObjectStore other
            ? AtDiskAsync(() => CopyAsync(other._area.FileOf(sourceKey), sourceKey, lengthBytes, key, cancellationToken), cancellationToken)
            : Task.FromResult<ServerSideCopy?>(null);

    private async Task<ServerSideCopy?> CopyAsync(
        string sourceFile, ObjectKey sourceKey, long lengthBytes, ObjectKey key, CancellationToken cancellationToken)
    {
        using ObjectFile file = ObjectFile.TryOpen(sourceFile) ?? throw new ObjectNotFoundException($"There is no object '{sourceKey}'.");
        // Asked here as well, without the lock: where something is already, nothing need be copied.
        _area.Check(key, WriteCondition.Absent);
        _area.CheckSpace(lengthBytes, _area.Options.ReserveBytes);
        using TemporaryFile copy = TemporaryFile.Create(_area.NewTemporary());
        FileCopy.Range(file.Handle, 0, copy.Handle, 0, lengthBytes, cancellationToken);
        ObjectTag tag = ObjectFile.Seal(copy.Handle, file.ReadTag(), _timeProvider.GetUtcNow());
        await _area.PublishAsync(key, copy.Path, WriteCondition.Absent, () => { }, cancellationToken);
        return new ServerSideCopy(tag, Sha256: null);
    }
}
