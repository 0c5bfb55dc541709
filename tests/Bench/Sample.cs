using System.Globalization;

namespace CacheBackup.Bench;

/// <summary>One run of one contender.</summary>
/// <param name="Seconds">By the wall clock.</param>
/// <param name="CpuSeconds">Of the contender's process, user and system; null where the server alone worked.</param>
/// <param name="PeakBytes">VmHWM of the contender's process, looked at every few milliseconds.</param>
/// <param name="ServerCpuSeconds">Of the server and its children; null where none takes part.</param>
internal readonly record struct Sample(double Seconds, double? CpuSeconds, long? PeakBytes, double? ServerCpuSeconds = null)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seconds:0.00} s, CPU {CpuSeconds:0.00} s, peak {PeakBytes / 1e6:0} MB, server's CPU {ServerCpuSeconds:0.00} s");
}
