namespace CacheBackup.Core.Operations;

/// <summary>Nobody watches.</summary>
public sealed class NoMetrics : IMetrics
{
    public static NoMetrics Instance { get; } = new();

    public void Record(Metric metric, double value)
    {
    }
}
