namespace CacheBackup.Architecture.Tests;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every project of the product: src/*, and infra once it is there.</summary>
    public static IReadOnlyList<ProjectFile> ProductProjects { get; } = Projects("src").Concat(Projects("infra")).ToList();

    public static IReadOnlyList<ProjectFile> TestProjects { get; } = Projects("tests").ToList();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Paths of the files of a folder, relative to the root, without what builds and package managers leave there.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var path = PathOf(folder);
        return !Directory.Exists(path)
            ? []
            : Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file))
                .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules" or "cdk.out"))
                .Order(StringComparer.Ordinal);
    }

    private static IEnumerable<ProjectFile> Projects(string folder) => Files(folder, "*.csproj").Select(ProjectFile.Read);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No Serverless.sln above {AppContext.BaseDirectory}: run the tests from the checkout that built them.");
    }
}
