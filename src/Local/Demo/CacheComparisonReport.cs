namespace CacheBackup.Local.Demo;

/// <summary>What comparing two quiet servers, key by key, has shown.</summary>
internal sealed record CacheComparisonReport
{
    /// <summary>Keys that were looked at on both sides.</summary>
    public long Compared { get; init; }

    /// <summary>Of those, same value and same expiry to the millisecond.</summary>
    public long Equal { get; init; }

    /// <summary>Of those, keys that expired while they were compared.</summary>
    public long Expired { get; init; }

    public long OtherValue { get; init; }

    public long OtherExpiry { get; init; }

    /// <summary>Keys that the first server has and the second has not.</summary>
    public long Missing { get; init; }

    /// <summary>Keys that the second server has and the first has not.</summary>
    public long Extra { get; init; }

    /// <summary>Function libraries that one side alone has.</summary>
    public int OtherFunctions { get; init; }

    public int Functions { get; init; }

    public bool IsEqual => OtherValue + OtherExpiry + Missing + Extra + OtherFunctions == 0 && Compared == Equal + Expired;

    public CacheComparisonReport Plus(CacheComparisonReport other) => new()
    {
        Compared = Compared + other.Compared,
        Equal = Equal + other.Equal,
        Expired = Expired + other.Expired,
        OtherValue = OtherValue + other.OtherValue,
        OtherExpiry = OtherExpiry + other.OtherExpiry,
        Missing = Missing + other.Missing,
        Extra = Extra + other.Extra,
        OtherFunctions = OtherFunctions + other.OtherFunctions,
        Functions = Functions + other.Functions,
    };
}
