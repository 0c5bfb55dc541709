namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>What a journal's text tells of its tasks.</summary>
internal sealed record HistoryCounts(int Finished)
{
    public static HistoryCounts Of(string journal) => new(
        journal.Split('\n').Count(line => line.Contains("\"type\":\"TaskSucceeded\"", StringComparison.Ordinal)
            || line.Contains("\"type\":\"TaskFailed\"", StringComparison.Ordinal)));
}
