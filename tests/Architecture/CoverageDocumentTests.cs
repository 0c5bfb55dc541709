using System.Text.RegularExpressions;

namespace CacheBackup.Architecture.Tests;

/// <summary>docs/coverage.md names a test, or a reason, for every promise; <c>test.sh</c> sees that the tests ran and passed.</summary>
public sealed partial class CoverageDocumentTests
{
    private const int LeastStatements = 80;

    private static readonly string[] Rows =
    [
        .. File.ReadAllLines(Repository.PathOf("docs/coverage.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| statement", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Every_statement_has_a_test_or_says_what_is_still_to_come()
    {
        Assert.True(Rows.Length >= LeastStatements, $"docs/coverage.md has {Rows.Length} statements.");
        Violations.None(Rows.Where(row => !TestName().IsMatch(row) && !row.Contains("later piece of work", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        ILookup<string, string> sources = Repository.Files("tests", "*Tests.cs")
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), file => File.ReadAllText(Repository.PathOf(file)));
        Violations.None(
            from row in Rows
            from Match name in TestName().Matches(row)
            where !sources[name.Groups[1].Value].Any(source => Regex.IsMatch(source, $@"public (async )?(Task|void) {name.Groups[2].Value}\("))
            select name.Value);
    }

    [GeneratedRegex("`([A-Za-z]+Tests)\\.([A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
