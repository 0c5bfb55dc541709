namespace CacheBackup.Core.Resp;

/// <summary>What one reply may cost. A peer that announces more is refused before anything is allocated.</summary>
public sealed record RespLimits
{
    public static RespLimits Default { get; } = new();

    /// <summary>The longest simple string, error or number line, in bytes.</summary>
    public int LineBytes { get; init; } = 64 * 1024;

    /// <summary>All bulk bytes of one reply together. Larger values are to be read as a stream (see the connection).</summary>
    public long ReplyBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>All elements of one reply, over every level of nesting.</summary>
    public int Elements { get; init; } = 4 * 1024 * 1024;

    /// <summary>Arrays within arrays.</summary>
    public int Depth { get; init; } = 16;
}
