using System.Collections.Concurrent;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Operations;

/// <summary>Keeps what is recorded.</summary>
public sealed class MemoryMetrics : IMetrics
{
    private readonly ConcurrentQueue<(Metric Metric, double Value)> _recorded = new();

    /// <summary>The values of a metric in the order in which they came.</summary>
    public IReadOnlyList<double> this[Metric metric] => [.. _recorded.Where(entry => entry.Metric == metric).Select(entry => entry.Value)];

    public void Record(Metric metric, double value) => _recorded.Enqueue((metric, value));

    public void Clear() => _recorded.Clear();
}
