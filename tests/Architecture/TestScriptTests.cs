using CacheBackup.Fixtures;

namespace CacheBackup.Architecture.Tests;

/// <summary>What the scripts must know of the tests, and cannot see for themselves.</summary>
public sealed class TestScriptTests
{
    [Fact]
    public void One_skip_that_is_never_a_failure_is_the_absence_of_the_fixtures() =>
        Assert.Contains($"readonly fixtures_absent=\"{SharedFixtures.AbsentReason}\"\n", File.ReadAllText(Repository.PathOf("test.sh")));

    [Fact]
    public void Every_test_project_is_in_the_solution_that_the_script_builds()
    {
        var solution = File.ReadAllText(Repository.PathOf("Serverless.sln"));

        Violations.None(
            Repository.TestProjects.Concat(Repository.ProductProjects).Select(project => project.Path)
                .Where(path => !solution.Contains($"\"{path.Replace('/', '\\')}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Categories_of_tests_are_the_two_that_the_script_leaves_out_when_it_is_to_be_fast()
    {
        var script = File.ReadAllText(Repository.PathOf("test.sh"));
        var categories =
            from file in Repository.Files("tests", "*.cs")
            from line in File.ReadLines(Repository.PathOf(file))
            let trimmed = line.Trim()
            where trimmed.StartsWith("[Trait(", StringComparison.Ordinal)
            select (File: file, Category: trimmed.Split('"').ElementAtOrDefault(3) ?? trimmed);

        Violations.None(categories.Where(use => !script.Contains($"-trait- Category={use.Category}", StringComparison.Ordinal)).Select(use => $"{use.File}: {use.Category}"));
    }
}
