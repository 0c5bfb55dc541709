using System.Text.RegularExpressions;

namespace CacheBackup.Architecture.Tests;

/// <summary>A rule may be set aside, but never without saying why.</summary>
public sealed partial class SuppressionTests
{
    [Fact]
    public void Every_suppression_in_the_code_gives_its_reason()
    {
        var silent =
            from file in Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs")).Concat(Repository.Files("infra", "*.cs"))
            from line in Silent(File.ReadAllLines(Repository.PathOf(file)))
            select $"{file}:{line}";
        Violations.None(silent);
    }

    [Fact]
    public void Every_rule_that_a_project_switches_off_has_a_comment_above_it()
    {
        var silent =
            from file in Repository.Files("src", "*.csproj").Concat(Repository.Files("tests", "*.csproj")).Concat(Repository.Files("infra", "*.csproj"))
                .Append("Directory.Build.props").Append("Directory.Build.targets")
            from line in SilentNoWarns(File.ReadAllLines(Repository.PathOf(file)))
            select $"{file}:{line}";
        Violations.None(silent);
    }

    [Theory]
    [InlineData("#pragma warning disable CA2000", 1)]
    [InlineData("#pragma warning disable CA2000 // The caller disposes it.", 0)]
    [InlineData("#pragma warning disable CA2000 //", 1)]
    [InlineData("// The caller disposes it.\n#pragma warning disable CA2000", 0)]
    [InlineData("#pragma warning restore CA2000", 0)]
    [InlineData("[SuppressMessage(\"a\", \"b\")]", 1)]
    [InlineData("[UnconditionalSuppressMessage(\"a\", \"b\")]", 1)]
    [InlineData("[SuppressMessage(\"a\", \"b\", Justification = \"\")]", 1)]
    [InlineData("[SuppressMessage(\"a\", \"b\",\n    Justification = \"It is the protocol's own order.\")]", 0)]
    public void Reason_is_looked_for_beside_the_suppression(string code, int silent) =>
        Assert.Equal(silent, Silent(code.Split('\n')).Count());

    [GeneratedRegex(@"^\s*#pragma warning disable(?!.*//\s*\S)")]
    private static partial Regex SilentPragma();

    [GeneratedRegex(@"^\s*//\s*\S")]
    private static partial Regex Comment();

    // Line numbers count from 1.
    private static IEnumerable<int> Silent(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var isPragma = SilentPragma().IsMatch(lines[i]) && !(i > 0 && Comment().IsMatch(lines[i - 1]));
            if (isPragma || IsSilentAttribute(lines, i))
            {
                yield return i + 1;
            }
        }
    }

    private static bool IsSilentAttribute(string[] lines, int index)
    {
        if (!Regex.IsMatch(lines[index], @"^\s*\[(assembly: )?(Unconditional)?SuppressMessage\("))
        {
            return false;
        }

        var attribute = string.Join('\n', lines.Skip(index).TakeWhile((line, i) => i == 0 || !lines[index + i - 1].Contains(")]", StringComparison.Ordinal)));
        return !Regex.IsMatch(attribute, "Justification\\s*=\\s*\"[^\"]{5,}");
    }

    private static IEnumerable<int> SilentNoWarns(string[] lines) =>
        Enumerable.Range(0, lines.Length)
            .Where(i => lines[i].Contains("<NoWarn>", StringComparison.Ordinal) && !(i > 0 && lines[i - 1].Contains("-->", StringComparison.Ordinal)))
            .Select(i => i + 1);
}
