namespace CacheBackup.Core.Rdb;

/// <summary>
/// What is to be written has no place in a file of the version that was chosen. Nothing of it has been written. The message never holds a byte
/// of a key or value.
/// </summary>
/// <param name="version">The file's.</param>
/// <param name="type">The value's type, as its own file numbers it; null: it is no value, but a function library.</param>
public sealed class NotInRdbVersionException(RdbVersion version, RdbType? type, string message) : PermanentException(message)
{
    public RdbVersion Version => version;

    public RdbType? Type => type;
}
