namespace CacheBackup.Core.Operations;

/// <summary>
/// Generations of operations. They grow for one name, and do not start again after its record was removed: an execution's name, which
/// holds the generation, is never used twice.
/// </summary>
internal static class Generations
{
    public static long After(long previous, DateTimeOffset now) => Math.Max(previous + 1, now.ToUnixTimeSeconds());
}
