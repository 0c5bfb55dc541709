namespace CacheBackup.Core.Rdb;

/// <summary>
/// The bytes are not what they should be. <see cref="OffsetBytes"/> counts from the start of what was read (file, value or payload) and points
/// at the first byte that cannot be right. The message never holds a byte of a key or value.
/// </summary>
public sealed class RdbFormatException(RdbError code, long offsetBytes, string message)
    : PermanentException($"{message} (at byte {offsetBytes}, {code})")
{
    public RdbError Code => code;

    public long OffsetBytes => offsetBytes;
}
