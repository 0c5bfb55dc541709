namespace CacheBackup.Core.Storage;

/// <summary>
/// A store that can hold an object against everybody, its owner included, until a date. Such a store keeps what is written over or
/// deleted as older versions; deleting an object through <see cref="IObjectStore.DeleteAsync(ObjectKey, CancellationToken)"/> removes all of them.
/// </summary>
public interface ILockingStore
{
    /// <summary>Nobody removes the object as it is now before then. A later date replaces an earlier one, an earlier one is refused or ignored.</summary>
    /// <exception cref="ObjectNotFoundException">There is no such object.</exception>
    Task LockAsync(ObjectKey key, DateTimeOffset until, CancellationToken cancellationToken);
}
