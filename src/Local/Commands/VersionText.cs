using System.Reflection;

namespace CacheBackup.Local.Commands;

/// <summary>Which build this is.</summary>
internal static class VersionText
{
    private const int CommitLength = 12;

    /// <summary><c>cache-backup 0.1.0 (commit 4f50b62aab01)</c>; without the commit where the build knew none.</summary>
    public static string Get()
    {
        string version = typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        string[] parts = version.Split('+', 2);
        string commit = parts.Length == 2 ? $" (commit {parts[1][..Math.Min(CommitLength, parts[1].Length)]})" : string.Empty;
        return $"cache-backup {parts[0]}{commit}";
    }
}
