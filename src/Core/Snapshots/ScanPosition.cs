using System.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Snapshots;

/// <summary>
/// How far a scan has come, at an entry's end. The cursor is valid in the process that issued it alone, which <see cref="RunId"/> names. Persisted in
/// checkpoints.
/// </summary>
public sealed record ScanPosition
{
    /// <summary>As the first slice found it; what stands at the file's beginning is its.</summary>
    public required SnapshotOrigin Origin { get; init; }

    /// <summary>Counted up to here.</summary>
    public required ScanReport Report { get; init; }

    /// <summary>Host and port of the node.</summary>
    public required string Endpoint { get; init; }

    public required string RunId { get; init; }

    public string? ReplicationId { get; init; }

    /// <summary>How often FLUSHALL, FLUSHDB, SWAPDB and the like had run in that process.</summary>
    public required long Upheavals { get; init; }

    public required long ExpiredKeys { get; init; }

    public required long EvictedKeys { get; init; }

    /// <summary>Commands that had run in that process; null: not known.</summary>
    public long? Commands { get; init; }

    /// <summary>Of a replica: keys in the last file that it had loaded, and those that had expired. Null: it did not tell.</summary>
    public string? Loaded { get; init; }

    /// <summary>The databases of the node as this slice left them; null: as <see cref="Databases"/> has them.</summary>
    public IReadOnlyList<ScannedDatabase>? Counted { get; init; }

    /// <summary>All that are to be scanned, in order.</summary>
    public required IReadOnlyList<ScannedDatabase> Databases { get; init; }

    /// <summary>How many of them are scanned whole.</summary>
    public required int Finished { get; init; }

    /// <summary>With it SCAN answers with the first key that was not taken. Empty where there is a list.</summary>
    public required string Cursor { get; init; }

    /// <summary>Memcached's keys, and which of them come next; databases and hashes of keys are none then. Null for other engines.</summary>
    public KeyListPosition? List { get; init; }

    /// <summary>Of the hashes of keys.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>The version that the server's payloads state, as a file's header has it.</summary>
    public required string PayloadVersion { get; init; }

    public required long FileBytes { get; init; }

    public required long FileKeys { get; init; }

    public required ulong FileCrc64 { get; init; }

    /// <summary>Selected in the file; null: none yet.</summary>
    public int? FileDatabase { get; init; }

    /// <exception cref="CacheProtocolException">It is no version.</exception>
    public RdbVersion ParsePayloadVersion() => RdbVersion.TryParse(Encoding.ASCII.GetBytes(PayloadVersion), out RdbVersion version)
        ? version
        : throw new CacheProtocolException("The checkpoint of a scan names no version of a file.");

    /// <exception cref="CacheProtocolException">It names no version.</exception>
    public RdbWriterPosition ToFilePosition() =>
        new(RdbWriter.Nearest(ParsePayloadVersion()), FileBytes, FileKeys, FileCrc64, FileDatabase);
}
