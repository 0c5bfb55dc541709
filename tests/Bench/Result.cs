namespace CacheBackup.Bench;

/// <summary>The medians of one contender's runs.</summary>
internal sealed record Result(Contender Contender, IReadOnlyList<Sample> Samples)
{
    public double Seconds => Median(Samples.Select(sample => sample.Seconds));

    public double? CpuSeconds => Samples[0].CpuSeconds is null ? null : Median(Samples.Select(sample => sample.CpuSeconds!.Value));

    public double? ServerCpuSeconds => Samples[0].ServerCpuSeconds is null ? null : Median(Samples.Select(sample => sample.ServerCpuSeconds!.Value));

    /// <summary>The highest of all runs, not their median.</summary>
    public long? PeakBytes => Samples.Max(sample => sample.PeakBytes);

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
