namespace CacheBackup.Core.Operations;

/// <summary>
/// Generations of operations. They grow for one name, and do not start again after its record was removed: an execution's name, which
/// holds the generation, is never used twice. They are hundredths of a second: nobody removes a name and takes it again within one, and
/// the longest name of an execution, an automatic backup's, stays within Step Functions' 80 characters.
/// </summary>
internal static class Generations
{
    /// <summary>About when an operation of that generation was begun.</summary>
    public static DateTimeOffset TimeOf(long generation) => DateTimeOffset.FromUnixTimeMilliseconds(generation * 10);

    public static long After(long previous, DateTimeOffset now) => Math.Max(previous + 1, now.ToUnixTimeMilliseconds() / 10);
}
