using System.Diagnostics;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>
/// <c>dist/lambda/bootstrap</c>, the very file that Lambda starts. It is published anew where it is missing or older than the sources;
/// <c>CACHE_BACKUP_BOOTSTRAP</c> names another one, which is taken as it is.
/// </summary>
public sealed class PublishedBinary
{
    private readonly Lazy<string> _path = new(Find);

    public string Path => _path.Value;

    /// <summary>The folder of the checkout.</summary>
    public static string Checkout { get; } = FindCheckout();

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("CACHE_BACKUP_BOOTSTRAP") is { Length: > 0 } named)
        {
            return named;
        }

        string path = System.IO.Path.Combine(Checkout, "dist", "lambda", "bootstrap");
        if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) < NewestSource())
        {
            Publish();
        }

        return path;
    }

    private static DateTime NewestSource() => new[] { "AmazonLambda", "Aws", "Bootstrap", "Caches", "Core", "Functions" }
        .SelectMany(project => Directory.EnumerateFiles(System.IO.Path.Combine(Checkout, "src", project), "*.cs*", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Max(File.GetLastWriteTimeUtc);

    private static void Publish()
    {
        using Process build = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec ./build.sh lambda 2>&1"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Checkout,
        })!;
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        Assert.True(build.ExitCode == 0, $"./build.sh lambda: {output}");
    }

    private static string FindCheckout()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Serverless.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not lie in a checkout.");
    }
}
