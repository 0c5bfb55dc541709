using CacheBackup.Core.Memcached;

namespace CacheBackup.Core.Rdb;

/// <summary>
/// Reads a data file that is pushed in, in chunks of any size, and tells a <see cref="RdbHandler"/> what it meets. The one place where the
/// formats of data files part: <see cref="OfFile"/> and <see cref="OfSegment"/>. Not for use by two threads at once; after an exception it
/// reads no more.
/// </summary>
internal interface IEntryReader
{
    /// <summary>How far the input has been read, from the start of the file.</summary>
    long OffsetBytes { get; }

    /// <summary>The file's format, once its header has been read.</summary>
    RdbVersion Version { get; }

    /// <summary>Entries seen so far.</summary>
    long Keys { get; }

    /// <summary>The file's end has been read: nothing may follow.</summary>
    bool HasEnded { get; }

    /// <summary>
    /// Up to where everything that has been read belongs to what the handler was told of: after it stands the beginning of what may become
    /// an entry.
    /// </summary>
    long SettledOffsetBytes { get; }

    /// <summary>The database that is selected.</summary>
    int Database { get; }

    /// <summary>Whether all that was read are whole entries, and the file has not ended: here it may be left, and gone on with.</summary>
    bool IsBetweenEntries { get; }

    /// <summary>Reads all of <paramref name="chunk"/>.</summary>
    /// <exception cref="RdbFormatException">The bytes are not a good file, or some follow its end.</exception>
    void Read(ReadOnlySpan<byte> chunk);

    /// <summary>What is missing if the input ends here; null: nothing.</summary>
    RdbFormatException? FindCut();

    /// <summary>To be called when the input has ended, by who needs no checksum of a segment.</summary>
    /// <exception cref="RdbFormatException">The file, or the last entry of the segment, is not whole.</exception>
    RdbSummary Complete();

    /// <summary>To be called when the input has ended, by who computed the checksum.</summary>
    /// <param name="crc64">Of everything but the bytes that state it, where the format has such.</param>
    /// <exception cref="RdbFormatException">The file is not whole, or its checksum is wrong.</exception>
    RdbSummary Complete(ulong crc64);

    /// <summary>What has been counted up to now, also after an error.</summary>
    RdbSummary SummarizeSoFar();

    /// <summary>A reader of a whole file, whose checksum the caller computes.</summary>
    /// <param name="magic">What the file is: Memcached's, or any RDB file's.</param>
    static IEntryReader OfFile(RdbMagic magic, RdbHandler handler, RdbReaderOptions options) => magic == RdbMagic.Memcached
        ? new ItemStreamReader(handler, options)
        : new RdbReader(handler, options with { IsChecksumComputed = false });

    /// <summary>A reader that goes on to the end of a file whose beginning another has read up to between two entries.</summary>
    /// <param name="soFar">What that one had counted, <see cref="SummarizeSoFar"/>.</param>
    /// <param name="database">The database that is selected there.</param>
    static IEntryReader Resume(RdbHandler handler, RdbSummary soFar, int database, RdbReaderOptions options) =>
        soFar.Version.Magic == RdbMagic.Memcached
            ? ItemStreamReader.Resume(handler, soFar, options)
            : RdbReader.Resume(handler, soFar, database, options);

    /// <summary>A reader that begins in the middle of a file, at an entry, and computes no checksum.</summary>
    static IEntryReader OfSegment(RdbHandler handler, RdbVersion version, int database, long offsetBytes, RdbReaderOptions options) =>
        version.Magic == RdbMagic.Memcached
            ? ItemStreamReader.ForSegment(handler, offsetBytes, options)
            : RdbReader.ForSegment(handler, version, database, offsetBytes, options with { IsChecksumComputed = false });
}
