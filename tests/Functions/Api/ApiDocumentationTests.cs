using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Functions.Api;

namespace CacheBackup.Functions.Tests.Api;

/// <summary>docs/api.md is what users rely on: it lists what the code has, and nothing else.</summary>
public sealed partial class ApiDocumentationTests
{
    private static readonly string Text = File.ReadAllText(Checkout.PathOf("docs", "api.md"));

    [Fact]
    public void Every_route_has_its_heading_and_every_heading_its_route()
    {
        ServiceParts parts = new MemoryService(TimeProvider.System).Parts;
        IEnumerable<string> routes = new CacheRoutes(parts).All
            .Concat(new BackupRoutes(parts).All)
            .Concat(new CopyRoutes(parts).All)
            .Concat(new ExportRoutes(parts).All)
            .Concat(new ImportRoutes(parts).All)
            .Concat(new DownloadRoutes(parts).All)
            .Concat(new TagRoutes(parts).All)
            .Concat(new EventRoutes(parts).All)
            .Concat(new ExecutionRoutes(parts).All)
            .Concat(new ProofRoutes(parts).All)
            .Select(route => $"{route.Method} /{route.Template}")
            .Append("GET /health");
        Assert.Equal(routes.Order(), RouteHeading().Matches(Text).Select(m => m.Groups[1].Value).Order());
    }

    [Fact]
    public void Every_problem_code_is_listed_with_its_status_and_every_listed_one_exists()
    {
        IEnumerable<string> sources = Directory.EnumerateFiles(Checkout.PathOf("src", "Functions", "Api"), "*.cs").Select(File.ReadAllText);
        string[] codes = [.. sources.SelectMany(s => ProblemInSource().Matches(s)).Select(m => $"{m.Groups[2].Value} {m.Groups[1].Value}").Order()];
        Assert.Contains("internal 500", codes);
        Assert.Equal(codes, ProblemInTable().Matches(Text).Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}").Order());
    }

    [Theory]
    [InlineData(typeof(RegisterCacheBody), "POST /caches")]
    [InlineData(typeof(ModifyCacheBody), "PATCH /caches/{name}")]
    [InlineData(typeof(StartBackupBody), "POST /backups")]
    [InlineData(typeof(StartCopyBody), "POST /backups/{name}/copy")]
    [InlineData(typeof(StartExportBody), "POST /backups/{name}/export")]
    [InlineData(typeof(StartImportBody), "POST /backups/import")]
    [InlineData(typeof(StartRestoreBody), "POST /backups/{name}/restore")]
    public void Every_member_of_a_body_is_in_its_routes_table(Type body, string route)
    {
        string section = Text.Split("\n### ").Single(s => s.StartsWith($"`{route}`", StringComparison.Ordinal));
        JsonTypeInfo info = ApiJson.Default.GetTypeInfo(body)!;
        Assert.Equal(info.Properties.Select(p => p.Name).Order(), MemberInTable().Matches(section).Select(m => m.Groups[1].Value).Order());
    }

    [GeneratedRegex(@"^### `([A-Z]+ /[^`]*)`$", RegexOptions.Multiline)]
    private static partial Regex RouteHeading();

    [GeneratedRegex(@"Create\(\s*(\d{3}), ""([a-z-]+)""")]
    private static partial Regex ProblemInSource();

    [GeneratedRegex(@"^\| `([a-z-]+)` \| (\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex ProblemInTable();

    [GeneratedRegex(@"^\| `([A-Za-z]+)` \| (?!\d)", RegexOptions.Multiline)]
    private static partial Regex MemberInTable();
}
