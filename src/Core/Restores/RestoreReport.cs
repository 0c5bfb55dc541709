namespace CacheBackup.Core.Restores;

/// <summary>
/// What became of one range of a backup. Every entry of the range was either sent and accepted or had expired by the target's clock
/// before it was sent: a refused one ends the run with an exception.
/// </summary>
public sealed record RestoreReport
{
    /// <summary>Keys that the target accepted.</summary>
    public required long Restored { get; init; }

    /// <summary>Keys that were not sent: their expiry lay at or before the target's clock when the range began.</summary>
    public required long ExpiredBefore { get; init; }

    /// <summary>Keys that were not sent because the selection does not take them.</summary>
    public long LeftOut { get; init; }

    /// <summary>Keys that were not sent because the target cannot hold their values, which were left out on the user's word.</summary>
    public long Refused { get; init; }

    /// <summary>Keys in damaged parts of the backup, which were passed over on the user's word.</summary>
    public long Lost { get; init; }

    /// <summary>Function libraries that were loaded.</summary>
    public required int Functions { get; init; }

    /// <summary>RDB bytes read and checked.</summary>
    public required long Bytes { get; init; }

    /// <summary>Both reports together.</summary>
    public RestoreReport Plus(RestoreReport other) => new()
    {
        Restored = Restored + other.Restored,
        ExpiredBefore = ExpiredBefore + other.ExpiredBefore,
        LeftOut = LeftOut + other.LeftOut,
        Refused = Refused + other.Refused,
        Lost = Lost + other.Lost,
        Functions = Functions + other.Functions,
        Bytes = Bytes + other.Bytes,
    };
}
