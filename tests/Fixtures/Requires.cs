using Xunit;

namespace CacheBackup.Fixtures;

/// <summary>What a test needs from the machine. Without it the test is skipped, except where <c>CI</c> is set: there it fails.</summary>
public static class Requires
{
    /// <summary>A program on the PATH, such as <c>valkey-server</c>.</summary>
    public static void Program(string name)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        Condition(Array.Exists(folders, folder => File.Exists(Path.Combine(folder, name))), $"needs {name} on the PATH");
    }

    public static void Condition(bool isMet, string need)
    {
        if (isMet)
        {
            return;
        }

        if (IsContinuousIntegration)
        {
            Assert.Fail($"This test {need}, and CI is set: nothing may be skipped.");
        }

        Assert.Skip($"This test {need}.");
    }

    private static bool IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") is "1" or "true";
}
