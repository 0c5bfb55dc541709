namespace CacheBackup.Core.Rdb;

/// <summary>How thoroughly a file is verified.</summary>
public sealed record RdbVerificationOptions
{
    public static RdbVerificationOptions Default { get; } = new();

    /// <summary>
    /// Whether every value is decoded as well and all structure inside of it checked. Default false: a checksum proves more than structure can, but
    /// a file without one may be worth the time.
    /// </summary>
    public bool DecodeValues { get; init; }

    public RdbReaderOptions Reader { get; init; } = RdbReaderOptions.Default;
}
