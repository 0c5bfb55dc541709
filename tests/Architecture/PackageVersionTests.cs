using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CacheBackup.Architecture.Tests;

/// <summary>Versions stand in one place, and every package that we depend on is answered for.</summary>
public sealed class PackageVersionTests
{
    private static readonly string[] Files =
    [
        .. Repository.Files("src", "*.csproj"), .. Repository.Files("src", "*.targets"), .. Repository.Files("infra", "*.csproj"),
        .. Repository.Files("tests", "*.csproj"), "Directory.Build.props", "Directory.Build.targets",
    ];

    [Fact]
    public void Every_package_has_its_version_in_the_one_list()
    {
        var listed = ProjectFile.Items(XDocument.Load(Repository.PathOf("Directory.Packages.props")), "PackageVersion").ToHashSet();
        Assert.NotEmpty(listed);

        Violations.None(References().Where(reference => !listed.Contains(reference.Package)).Select(reference => $"{reference.File}: {reference.Package}"));
    }

    [Fact]
    public void No_project_names_a_version_of_its_own()
    {
        var own =
            from file in Files
            from reference in XDocument.Load(Repository.PathOf(file)).Descendants("PackageReference")
            where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null || reference.Element("Version") is not null
            select $"{file}: {(string?)reference.Attribute("Include")}";
        Violations.None(own);
    }

    [Fact]
    public void Every_version_is_exact()
    {
        var loose =
            from version in XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            where !Regex.IsMatch((string?)version.Attribute("Version") ?? string.Empty, @"^\d+(\.\d+){1,3}(-[0-9A-Za-z.]+)?$")
            select version.ToString();
        Violations.None(loose);
    }

    [Fact]
    public void Every_package_is_explained_in_the_readme()
    {
        var readme = Repository.PathOf("README.md");
        Assert.True(File.Exists(readme), "README.md is missing: its table of dependencies answers for every package.");

        var explained = Regex.Matches(File.ReadAllText(readme), @"(?m)^\|\s*`([^`]+)`\s*\|\s*\S").Select(row => row.Groups[1].Value).ToHashSet();
        Violations.None(References().Select(reference => reference.Package).Distinct().Where(package => !explained.Contains(package)));
    }

    private static IEnumerable<(string File, string Package)> References() =>
        from file in Files
        from package in ProjectFile.Items(XDocument.Load(Repository.PathOf(file)), "PackageReference")
        select (file, package);
}
