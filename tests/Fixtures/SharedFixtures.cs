using Xunit;

namespace CacheBackup.Fixtures;

/// <summary>
/// The folder of sample files that lies beside the checkout (<c>shared/fixtures</c> next to the repository), or where
/// <c>CACHE_BACKUP_FIXTURES</c> says. Where it is absent the test that asks is skipped: the only skip that is allowed.
/// </summary>
public static class SharedFixtures
{
    /// <summary>How the reason of such a skip begins: <c>test.sh</c> lets this one pass where all others are failures.</summary>
    public const string AbsentReason = "shared fixtures folder is absent";

    private static readonly string? Root = Find();

    public static bool IsPresent => Root is not null;

    /// <summary>The full path of a file or folder in it; skips the calling test where there is none.</summary>
    public static string Path(params string[] parts)
    {
        if (Root is null)
        {
            Assert.Skip($"{AbsentReason}: none beside the checkout, and CACHE_BACKUP_FIXTURES names none");
        }

        return System.IO.Path.Combine([Root, .. parts]);
    }

    public static byte[] Read(params string[] parts) => File.ReadAllBytes(Path(parts));

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CACHE_BACKUP_FIXTURES") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? named : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Serverless.sln")))
            {
                string beside = System.IO.Path.Combine(folder.FullName, "..", "shared", "fixtures");
                return Directory.Exists(beside) ? System.IO.Path.GetFullPath(beside) : null;
            }
        }

        return null;
    }
}
