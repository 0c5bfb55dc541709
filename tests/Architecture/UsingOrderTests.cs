using System.Text.RegularExpressions;

namespace CacheBackup.Architecture.Tests;

/// <summary>What dotnet format says of the order of usings: the rest of what it says the compiler says too, or its whitespace part alone.</summary>
public sealed partial class UsingOrderTests
{
    [Fact]
    public void Usings_stand_in_order()
    {
        Violations.None(
            from folder in (string[])["src", "tests", "infra"]
            from file in Repository.Files(folder, "*.cs")
            where !AreInOrder(Usings(File.ReadLines(Repository.PathOf(file))))
            select file);
    }

    [Theory]
    [InlineData("System.Text;CacheBackup.Core;CacheBackup.Core.Model", true)]
    [InlineData("CacheBackup.Core;System.Text", false)]
    [InlineData("CacheBackup.Core;CacheBackup.Caches.Scan", false)]
    [InlineData("CacheBackup.Core.Model;CacheBackup.Core", false)]
    [InlineData("Amazon.S3;Amazon.S3.Model;CacheBackup.Core", true)]
    public void Order_is_looked_at_name_by_name(string names, bool isInOrder) => Assert.Equal(isInOrder, AreInOrder([.. names.Split(';')]));

    [GeneratedRegex(@"^using ([A-Za-z0-9_.]+);$")]
    private static partial Regex Using();

    private static List<string> Usings(IEnumerable<string> lines) =>
    [
        .. lines.TakeWhile(line => !line.StartsWith("namespace", StringComparison.Ordinal)).Select(line => Using().Match(line))
            .Where(match => match.Success).Select(match => match.Groups[1].Value),
    ];

    // The system's own first, then part by part, as dotnet_sort_system_directives_first has it. A space comes before every letter: a name before what it begins.
    private static bool AreInOrder(List<string> names) => names.SequenceEqual(
        names.OrderBy(name => name.Split('.')[0] == "System" ? 0 : 1).ThenBy(name => name.Replace('.', ' '), StringComparer.OrdinalIgnoreCase));
}
