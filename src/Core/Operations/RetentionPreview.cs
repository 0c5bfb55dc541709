using CacheBackup.Core.Model;
using CacheBackup.Core.Retention;

namespace CacheBackup.Core.Operations;

/// <summary>What the purge would do with the automatic backups of a cache now.</summary>
/// <param name="Cache">The cache; it may be gone.</param>
/// <param name="Clock">Whether the clock is believed.</param>
/// <param name="Decisions">One for each automatic backup, oldest first.</param>
public sealed record RetentionPreview(CacheName Cache, ClockVerdict Clock, IReadOnlyList<RetentionDecision> Decisions);
