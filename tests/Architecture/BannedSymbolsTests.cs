using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CacheBackup.Architecture.Tests;

/// <summary>Time, sleep, ids and chance are injected. The analyzer passes over a name that it cannot find in silence, so it is put to the test.</summary>
public sealed partial class BannedSymbolsTests
{
    // One use of each banned symbol, by its documentation id.
    private static readonly Dictionary<string, string> Uses = new()
    {
        ["P:System.DateTime.Now"] = "_ = DateTime.Now;",
        ["P:System.DateTime.UtcNow"] = "_ = DateTime.UtcNow;",
        ["P:System.DateTime.Today"] = "_ = DateTime.Today;",
        ["P:System.DateTimeOffset.Now"] = "_ = DateTimeOffset.Now;",
        ["P:System.DateTimeOffset.UtcNow"] = "_ = DateTimeOffset.UtcNow;",
        ["M:System.Guid.NewGuid"] = "_ = Guid.NewGuid();",
        ["M:System.Threading.Tasks.Task.Delay(System.Int32)"] = "_ = Task.Delay(1);",
        ["M:System.Threading.Tasks.Task.Delay(System.Int32,System.Threading.CancellationToken)"] = "_ = Task.Delay(1, CancellationToken.None);",
        ["M:System.Threading.Tasks.Task.Delay(System.TimeSpan)"] = "_ = Task.Delay(TimeSpan.Zero);",
        ["M:System.Threading.Tasks.Task.Delay(System.TimeSpan,System.Threading.CancellationToken)"] = "_ = Task.Delay(TimeSpan.Zero, CancellationToken.None);",
        ["M:System.Threading.Thread.Sleep(System.Int32)"] = "Thread.Sleep(1);",
        ["M:System.Threading.Thread.Sleep(System.TimeSpan)"] = "Thread.Sleep(TimeSpan.Zero);",
        ["M:System.Random.#ctor"] = "_ = new Random();",
    };

    private static readonly string[] Banned = File.ReadAllLines(Repository.PathOf("BannedSymbols.txt"))
        .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal))
        .ToArray();

    [Fact]
    public void List_is_handed_to_the_compiler_of_every_project_and_a_hit_is_an_error()
    {
        var props = XDocument.Load(Repository.PathOf("Directory.Build.props"));

        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", ProjectFile.Items(props, "PackageReference"));
        Assert.Contains(ProjectFile.Items(props, "AdditionalFiles"), file => file.EndsWith("BannedSymbols.txt", StringComparison.Ordinal));
        Assert.Matches(@"(?m)^dotnet_diagnostic\.RS0030\.severity = error\r?$", File.ReadAllText(Repository.PathOf(".editorconfig")));
        Violations.None(Repository.Files("src", "*.props").Concat(Repository.Files("src", "*.targets")).Where(file => file.Contains("Directory.Build", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_clock_sleep_and_source_of_chance_is_on_the_list() =>
        Violations.None(Uses.Keys.Except(Banned.Select(line => line.Split(';')[0])));

    [Fact]
    public void Every_line_says_what_to_do_instead() =>
        Assert.All(Banned, line => Assert.Matches(@"^[TMPFE]:[^;]+;.{10,}$", line));

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Use_of_each_symbol_does_not_compile()
    {
        var symbols = Banned.Select(line => line.Split(';')[0]).ToArray();
        Violations.None(symbols.Except(Uses.Keys));
        var folder = Directory.CreateTempSubdirectory("cache-backup-banned");
        try
        {
            var output = await BuildAsync(folder.FullName, symbols);

            var hits = HitPattern().Matches(output).Select(hit => int.Parse(hit.Groups[1].Value)).ToHashSet();
            Assert.Equal([], symbols.Where((_, line) => !hits.Contains(line + 1)));
            Assert.DoesNotContain(symbols.Length + 1, hits);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"Uses\.cs\((\d+),\d+\): error RS0030")]
    private static partial Regex HitPattern();

    /// <summary>Builds a project of its own under the repository's rules; line n of its only file uses symbol n, the last line none.</summary>
    private static async Task<string> BuildAsync(string folder, string[] symbols)
    {
        foreach (var file in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig", "global.json" })
        {
            File.Copy(Repository.PathOf(file), Path.Combine(folder, file));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "Uses.csproj"), """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>""");
        await File.WriteAllLinesAsync(Path.Combine(folder, "Uses.cs"), [.. symbols.Select(symbol => Uses[symbol]), "_ = TimeProvider.System.GetUtcNow();"]);

        var start = new ProcessStartInfo("dotnet", ["build", "--nologo", "-m:1", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var build = Process.Start(start) ?? throw new InvalidOperationException("dotnet could not be started.");
        var output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(output.Contains("Uses.cs", StringComparison.Ordinal), $"The build said nothing of Uses.cs:\n{output}");
        return output;
    }
}
