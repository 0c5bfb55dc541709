using CacheBackup.Core.Retention;

namespace CacheBackup.Functions.Api;

/// <summary>What of the data the purge would remove now, since no record claims it: a part at a time.</summary>
/// <param name="Orphans">The ids of the data.</param>
/// <param name="Marker">Ask again with <c>?marker=</c> this for the next part; null: that was the last.</param>
public sealed record PurgeView(ClockVerdict Clock, IReadOnlyList<string> Orphans, string? Marker = null);
