namespace CacheBackup.Core.Storage;

/// <summary>The object is held until a date, and was not removed.</summary>
public sealed class ObjectLockedException(ObjectKey key, DateTimeOffset? until, Exception? innerException = null)
    : PermanentException(
        $"'{key}' is locked{(until is { } date ? $" until {date:u}" : "")} and cannot be deleted before; nothing shortens that. Delete it afterwards.",
        innerException)
{
    /// <summary>Null: the store does not say.</summary>
    public DateTimeOffset? Until { get; } = until;
}
