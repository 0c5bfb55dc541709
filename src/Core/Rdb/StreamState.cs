namespace CacheBackup.Core.Rdb;

/// <summary>
/// What a stream keeps beside its entries. Older encodings lack some of it; then it is what a server derives when it loads them.
/// </summary>
/// <param name="Length">Entries in it.</param>
/// <param name="LastId">The greatest id that was ever given.</param>
/// <param name="FirstId">Of the first entry; zero if there is none.</param>
/// <param name="MaxDeletedId">The greatest id that was deleted; zero: none.</param>
/// <param name="EntriesAdded">Entries ever added.</param>
public readonly record struct StreamState(long Length, StreamId LastId, StreamId FirstId, StreamId MaxDeletedId, ulong EntriesAdded);
