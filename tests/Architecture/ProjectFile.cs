using System.Xml.Linq;

namespace CacheBackup.Architecture.Tests;

/// <summary>What a .csproj refers to, by name; the shared imports that add references are followed.</summary>
public sealed record ProjectFile(string Path, string Name, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
{
    private const string AmazonLambdaTargets = "AmazonLambda.targets";

    public string AssemblyName => $"CacheBackup.{Name}";

    public static ProjectFile Read(string relativePath)
    {
        var document = XDocument.Load(Repository.PathOf(relativePath));
        var references = Items(document, "ProjectReference").Select(NameOf).ToList();
        if (document.Descendants("Import").Any(import => ((string?)import.Attribute("Project"))?.EndsWith(AmazonLambdaTargets, StringComparison.Ordinal) == true))
        {
            references.Add("AmazonLambda");
        }

        return new ProjectFile(relativePath, System.IO.Path.GetFileNameWithoutExtension(relativePath), references, [.. Items(document, "PackageReference")]);
    }

    /// <summary>The Include of every item of a kind, in any MSBuild file.</summary>
    public static IEnumerable<string> Items(XDocument document, string item) =>
        document.Descendants(item).Select(element => (string?)element.Attribute("Include")).OfType<string>();

    private static string NameOf(string include) => System.IO.Path.GetFileNameWithoutExtension(include.Replace('\\', '/'));
}
