namespace CacheBackup.Core.Retention;

/// <summary>What a look at the clock has shown, and the mark to keep for the next look.</summary>
public sealed record ClockReading(ClockVerdict Verdict, ClockMark Mark);
