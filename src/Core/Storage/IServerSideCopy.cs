namespace CacheBackup.Core.Storage;

/// <summary>
/// A store that can take an object over from another one without the bytes passing through this process. A decorator need not be one:
/// what wraps a store streams. <see cref="ObjectCopy"/> is how the rest of the program copies.
/// </summary>
public interface IServerSideCopy
{
    /// <summary>
    /// Makes an object of another store's. Nothing is visible under <paramref name="key"/> before the copy is whole and durable.
    /// </summary>
    /// <param name="source">Where from.</param>
    /// <param name="sourceKey">An object that nobody changes meanwhile.</param>
    /// <param name="lengthBytes">Its length, at least 1.</param>
    /// <param name="key">Where to; nothing may be there.</param>
    /// <param name="cancellationToken">Stops the copy; what was begun is given up.</param>
    /// <returns>Null: not from such a store; nothing was done.</returns>
    /// <exception cref="ObjectNotFoundException">There is no such object in the source.</exception>
    /// <exception cref="PreconditionFailedException">There is an object of that key already; it was left as it is.</exception>
    Task<ServerSideCopy?> TryCopyAsync(
        IObjectStore source, ObjectKey sourceKey, long lengthBytes, ObjectKey key, CancellationToken cancellationToken);
}
