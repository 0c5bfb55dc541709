namespace CacheBackup.Core.Storage;

/// <content>Copies between stores of one process's memory.</content>
public sealed partial class MemoryObjectStore : IServerSideCopy
{
    public async Task<ServerSideCopy?> TryCopyAsync(
        IObjectStore source, ObjectKey sourceKey, long lengthBytes, ObjectKey key, CancellationToken cancellationToken)
    {
        if (source is not MemoryObjectStore other)
        {
            return null;
        }

        byte[] bytes = await other.AtOnceAsync(
            () => (other.Find(sourceKey) ?? throw new ObjectNotFoundException($"There is no object '{sourceKey}'.")).Content, cancellationToken);
        ObjectTag tag = await AtOnceAsync(
            () =>
            {
                Check(key, WriteCondition.Absent);
                Take(bytes.Length);
                return Publish(key, bytes, TagOf(bytes));
            },
            cancellationToken);
        return new ServerSideCopy(tag, Sha256: null);
    }
}
