namespace CacheBackup.Caches.Scan;

/// <summary>What became of a value that was to be read in pieces.</summary>
internal enum PieceOutcome
{
    /// <summary>It is in the file.</summary>
    Taken,

    /// <summary>The key is gone.</summary>
    Vanished,

    /// <summary>It is to be dumped: small, of a type that has no pieces, too large for the spool, or changed each time that it was read.</summary>
    Whole,
}
