using CacheBackup.Core.Buckets;
using CacheBackup.Core.Operations;
using CacheBackup.Local.Events;

namespace CacheBackup.Local.Commands;

/// <summary>What <c>cache-backup serve</c> was asked for.</summary>
/// <param name="DataDirectory">Where executions, server processes and the token are.</param>
/// <param name="Store">A directory or <c>s3://bucket/prefix</c>; null: <c>store</c> in the data directory.</param>
/// <param name="Url">Where the API listens.</param>
public sealed record ServeRequest(string DataDirectory, string? Store, Uri Url)
{
    /// <summary>Where the backups' data is kept, as the store; null: in that store too.</summary>
    public string? DataStore { get; init; }

    /// <summary>Who is told of events.</summary>
    public EventTargets Events { get; init; } = EventTargets.None;

    /// <summary>From one tick of the schedule to the next.</summary>
    public TimeSpan TickInterval { get; init; } = Ticker.UsualInterval;

    /// <summary>The share of all backups that is read back each week, percent.</summary>
    public int VerifySharePercent { get; init; } = StartVerifySweep.UsualSharePercent;

    /// <summary>How long one call scans a cache before the next goes on from its checkpoint; null: as long as it has.</summary>
    public TimeSpan? SliceLength { get; init; }

    /// <summary>What the store asks for a gigabyte and month, US dollars; null: as usual.</summary>
    public decimal? StoragePrice { get; init; }

    /// <summary>Whether a cache may have only as many manual backups a day as ElastiCache allows.</summary>
    public bool Quotas { get; init; }

    /// <summary>The other buckets and directories that requests may name.</summary>
    public ConfiguredBuckets Configured { get; init; } = ConfiguredBuckets.None;
}
