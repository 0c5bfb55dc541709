namespace CacheBackup.Core.Rdb;

/// <summary>What listpacks and ziplists have in common: entries one after the other.</summary>
internal interface IEncodedReader
{
    /// <summary>The next entry; false at the end, which is checked then.</summary>
    /// <exception cref="RdbFormatException">The bytes contradict themselves.</exception>
    bool TryRead(out EncodedEntry entry);
}
