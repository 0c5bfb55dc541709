namespace CacheBackup.Bench;

/// <summary>One run of one contender.</summary>
/// <param name="Seconds">By the wall clock.</param>
/// <param name="CpuSeconds">Of the contender's process, user and system; null where the server alone worked.</param>
/// <param name="PeakBytes">VmHWM of the contender's process, looked at every few milliseconds.</param>
/// <param name="ServerCpuSeconds">Of the server and its children; null where none takes part.</param>
internal readonly record struct Sample(double Seconds, double? CpuSeconds, long? PeakBytes, double? ServerCpuSeconds = null);
