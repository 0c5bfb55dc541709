namespace CacheBackup.Bench;

/// <summary>One way to do a job. Its runs take turns with those of the others in its group.</summary>
/// <param name="Job">What is done, in a word or two.</param>
/// <param name="Name">By whom: program and arguments as a reader would type them.</param>
/// <param name="RunAsync">Does it once, preparations not counted.</param>
internal sealed record Contender(string Job, string Name, Func<CancellationToken, Task<Sample>> RunAsync)
{
    /// <summary>The data that it goes through, in bytes, where that is not the mixed file.</summary>
    public long? Bytes { get; init; }
}
