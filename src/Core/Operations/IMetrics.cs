namespace CacheBackup.Core.Operations;

/// <summary>Where numbers go that somebody watches: CloudWatch in AWS, nowhere on one machine.</summary>
public interface IMetrics
{
    /// <summary>Notes a value as of now. Never throws: a number that is not told must not fail a job.</summary>
    void Record(Metric metric, double value);
}
