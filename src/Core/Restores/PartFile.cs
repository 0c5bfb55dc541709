using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Writes a part of a stored data file as an RDB file of its own, which any server of that version loads: the selected entries as they
/// stand there, without functions and auxiliary fields, and a checksum of its own. A version before 6 becomes 6, which holds the same values. Every segment is checked against its digest first.
/// </summary>
public sealed class PartFile(IObjectStore store, TimeProvider time)
{
    /// <param name="range">What to read; its selection says what is wanted.</param>
    /// <param name="output">Is written forwards only, and left open.</param>
    /// <returns>How many keys the part has.</returns>
    /// <exception cref="BackupDamagedException">Stored bytes differ from their digests: what was written so far is not a file.</exception>
    /// <exception cref="StoreUnavailableException">The store broke off too often.</exception>
    public async Task<long> WriteAsync(
        RestoreRange range, Stream output, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        PartFileWriter writer = new(range.Index.RdbVersion, output);
        await new RangeWalk(store, time, range).RunAsync(new SelectedEntries(writer, range.Selection), progress, cancellationToken);
        await writer.EndAsync(cancellationToken);
        return writer.Keys;
    }
}
