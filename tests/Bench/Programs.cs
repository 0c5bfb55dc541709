using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CacheBackup.Bench;

/// <summary>The programs that take part, and which of those that could are not here.</summary>
internal sealed partial record Programs
{
    private static readonly string[] Wished = ["redis-server", "redis-cli", "redis-check-rdb", "valkey-check-rdb", "redis-shake", "rdb-cli"];

    /// <summary>The published tool's path.</summary>
    public required string Tool { get; init; }

    public required IReadOnlyDictionary<string, PeerProgram> Found { get; init; }

    public IReadOnlyList<string> Missing => [.. Wished.Where(name => !Found.ContainsKey(name))];

    public IEnumerable<PeerProgram> Checkers => Found.Values.Where(program => program.Program.EndsWith("-check-rdb", StringComparison.Ordinal));

    /// <exception cref="InvalidOperationException">One that nothing works without is missing.</exception>
    public static async Task<Programs> FindAsync(string tool, CancellationToken cancellationToken)
    {
        if (!File.Exists(tool))
        {
            throw new InvalidOperationException($"There is no {tool}. Build it with ./build.sh.");
        }

        var found = new Dictionary<string, PeerProgram>();
        foreach (string name in Wished)
        {
            string? path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
            if (path is not null)
            {
                found.Add(name, new PeerProgram(name, path, await VersionAsync(name, path, cancellationToken)));
            }
        }

        string[] needed = ["redis-server", "redis-cli"];
        return needed.FirstOrDefault(name => !found.ContainsKey(name)) is { } missing
            ? throw new InvalidOperationException($"{missing} is missing. Install it with scripts/install-servers.sh.")
            : new Programs { Tool = tool, Found = found };
    }

    private static async Task<string> VersionAsync(string name, string path, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo(path, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string said = await process.StandardOutput.ReadToEndAsync(cancellationToken) + await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Match version = VersionNumber().Match(said);
        return version.Success ? version.Value : string.Create(CultureInfo.InvariantCulture, $"of unknown version ({name} --version ended with {process.ExitCode})");
    }

    [GeneratedRegex(@"\d+\.\d+\.\d+")]
    private static partial Regex VersionNumber();
}
