using System.Text.RegularExpressions;

namespace CacheBackup.Architecture.Tests;

/// <summary>What docs/design.md says of tests is so.</summary>
public sealed class DesignDocumentTests
{
    [Fact]
    public void Every_test_class_that_holds_an_invariant_exists()
    {
        string[] named =
        [
            .. Regex.Matches(File.ReadAllText(Repository.PathOf("docs/design.md")), "`([A-Za-z]+Tests)`").Select(name => name.Groups[1].Value).Distinct(),
        ];
        var existing = Repository.Files("tests", "*Tests.cs").Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();

        Assert.True(named.Length > 5, "docs/design.md names no tests.");
        Violations.None(named.Where(name => !existing.Contains(name)));
    }
}
