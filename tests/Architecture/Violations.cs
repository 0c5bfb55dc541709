namespace CacheBackup.Architecture.Tests;

/// <summary>Rules over the whole repository: all that breaks one is shown, not the first few.</summary>
public static class Violations
{
    public static void None(IEnumerable<string> violations)
    {
        var all = violations.ToList();
        if (all.Count > 0)
        {
            Assert.Fail($"{all.Count} found:\n  {string.Join("\n  ", all)}");
        }
    }
}
