using Xunit;

namespace CacheBackup.Fixtures;

/// <summary>
/// What a test needs of its machine. Where it is missing the test is skipped; where <c>CI</c> is <c>1</c> or <c>true</c> it fails, so
/// that nothing is ever left out unseen.
/// </summary>
public static class Requires
{
    /// <summary>The full path of an installed program.</summary>
    public static string Program(string name)
    {
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
        That(found is not null, $"{name} is not installed");
        return found!;
    }

    /// <summary>Skips the test, or fails it in CI, unless the machine has what it needs.</summary>
    public static void That(bool isThere, string whatIsMissing)
    {
        if (isThere)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("CI") is "1" or "true")
        {
            Assert.Fail($"{whatIsMissing}, and in CI nothing is skipped.");
        }

        Assert.Skip(whatIsMissing);
    }
}
