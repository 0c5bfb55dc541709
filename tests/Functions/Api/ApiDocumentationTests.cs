using System.Text.RegularExpressions;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Functions.Api;

namespace CacheBackup.Functions.Tests.Api;

/// <summary>docs/api.md is what users rely on: it lists what the code has, and nothing else.</summary>
public sealed partial class ApiDocumentationTests
{
    private static readonly string Text = File.ReadAllText(Checkout.PathOf("docs", "api.md"));

    private static readonly IReadOnlyList<Route> Routes = ApiFunction.RoutesOn(new MemoryService(TimeProvider.System).Parts, "1");

    public static TheoryData<string> RouteNames => [.. Routes.Select(r => r.ToString())];

    [Fact]
    public void Every_route_has_its_heading_and_every_heading_its_route() =>
        Assert.Equal(Routes.Select(r => r.ToString()).Order(), RouteHeading().Matches(Text).Select(m => m.Groups[1].Value).Order());

    [Fact]
    public void Every_problem_is_listed_as_the_code_has_it_and_no_other_is()
    {
        string[] rows = [.. ProblemKinds.All.Select(k => $"| `{k.Code}` | {k.Status} | {k.Title} |")];
        Assert.Contains("| `internal` | 500 |", string.Join('\n', rows), StringComparison.Ordinal);
        Assert.Equal(rows, ProblemInTable().Matches(Text).Select(m => m.Value));
    }

    [Theory]
    [MemberData(nameof(RouteNames))]
    public void Every_member_of_a_body_and_of_a_query_is_in_its_routes_section(string name)
    {
        Route route = Routes.Single(r => r.ToString() == name);
        string section = Text.Split("\n### ").Single(s => s.StartsWith($"`{name}`", StringComparison.Ordinal));
        IEnumerable<string> members = route.Body?.Properties.Select(p => p.Name) ?? [];
        string table = section.Split("| member | |")[^1].Split("\n\n")[0];
        Assert.Equal(members.Order(), route.Body is null ? [] : MemberInTable().Matches(table).Select(m => m.Groups[1].Value).Order());
        Assert.All(route.Query, parameter => Assert.Contains($"`{parameter.Name}`", section, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^### `([A-Z]+ /[^`]*)`$", RegexOptions.Multiline)]
    private static partial Regex RouteHeading();

    [GeneratedRegex(@"^\| `[a-z-]+` \| \d{3} \|.*$", RegexOptions.Multiline)]
    private static partial Regex ProblemInTable();

    [GeneratedRegex(@"^\| `([A-Za-z]+)` \| (?!\d)", RegexOptions.Multiline)]
    private static partial Regex MemberInTable();
}
