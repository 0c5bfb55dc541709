using CacheBackup.Core.Buckets;
using CacheBackup.Core.Operations;
using CacheBackup.Local.Events;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Host;

/// <summary>How a local host is set up.</summary>
public sealed record LocalHostOptions
{
    /// <summary>Executions, server processes, the token, and the object store where no other is named. Made with mode 0700.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>A directory, or <c>s3://bucket/prefix</c>; null: <c>store</c> in the data directory.</summary>
    public string? Store { get; init; }

    /// <summary>Where the backups' data is kept, the catalog apart from it; as <see cref="Store"/>; null: beside the catalog.</summary>
    public string? DataStore { get; init; }

    /// <summary>The other buckets and directories that requests may name.</summary>
    public ConfiguredBuckets Configured { get; init; } = ConfiguredBuckets.None;

    /// <summary>Where the API listens: loopback only; port 0 takes any free one.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1:7070");

    /// <summary>Who is told of events, besides the event log.</summary>
    public EventTargets Events { get; init; } = EventTargets.None;

    /// <summary>Null: as many manual backups as anybody likes.</summary>
    public BackupQuotas? Quotas { get; init; }

    /// <summary>Whether the schedule and the purge run by themselves. A host for one job does without.</summary>
    public bool Ticks { get; init; }

    /// <summary>How often; every twelfth tick purges.</summary>
    public TimeSpan TickInterval { get; init; } = Ticker.UsualInterval;

    /// <summary>The share of all backups that is read back each week, 0 (none) to 100.</summary>
    public int VerifySharePercent { get; init; }

    /// <summary>
    /// What the store asks for a gigabyte and month, US dollars; null: S3 Standard's usual price for <c>s3://</c>, nothing known for a
    /// directory.
    /// </summary>
    public decimal? StoragePricePerGigabyteMonth { get; init; }

    /// <summary>How long one call scans at most before another goes on from its checkpoint; null: as long as a call has, less 30 s.</summary>
    public TimeSpan? SliceLength { get; init; }

    /// <summary>Serves what the machines ask of AWS's services: nothing on one machine.</summary>
    public IServiceIntegration Services { get; init; } = new NoServiceIntegration();

    /// <summary>Told what the host does, a line each.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
