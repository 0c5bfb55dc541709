using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CacheBackup.Bench;

/// <summary>The programs that take part, and which of those that could are not here.</summary>
internal sealed partial record Programs
{
    private static readonly string[] Wished = ["redis-server", "redis-cli", "redis-check-rdb", "valkey-check-rdb", "redis-shake", "rdb-cli", "memcached"];

    /// <summary>Where packages put what is no command of its own.</summary>
    private const string MemcachedTool = "/usr/share/memcached/scripts/memcached-tool";

    private static readonly string[] Loops = [ScanLine.Loop, MemcachedLine.Loop];

    /// <summary>The published tool's path.</summary>
    public required string Tool { get; init; }

    public required IReadOnlyDictionary<string, PeerProgram> Found { get; init; }

    public IReadOnlyList<string> Missing => [.. Wished.Append(MemcachedLine.Script).Concat(Loops).Where(name => !Found.ContainsKey(name))];

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

        if (found.TryGetValue("memcached", out PeerProgram? memcached) && File.Exists(MemcachedTool))
        {
            found.Add(MemcachedLine.Script, new PeerProgram(MemcachedLine.Script, MemcachedTool, memcached.Version));
        }

        string[] needed = ["redis-server", "redis-cli"];
        return needed.FirstOrDefault(name => !found.ContainsKey(name)) is { } missing
            ? throw new InvalidOperationException($"{missing} is missing. Install it with scripts/install-servers.sh.")
            : new Programs { Tool = tool, Found = found };
    }

    /// <summary>With the bare loops, compiled.</summary>
    /// <param name="sources">Their folder; null: without them.</param>
    /// <param name="folder">Where the programs go.</param>
    /// <exception cref="InvalidOperationException">There is no compiler, or it finds fault with one.</exception>
    public async Task<Programs> WithLoopsAsync(string? sources, string folder, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, PeerProgram>(Found);
        foreach (string name in Loops)
        {
            string source = Path.Combine(sources ?? string.Empty, name + ".c");
            if (sources is not null && File.Exists(source))
            {
                string program = Path.Combine(folder, name);
                await MeasuredProcess.RunAsync("cc", ["-O2", "-w", "-o", program, source], inputPath: null, server: null, cancellationToken);
                found.Add(name, new PeerProgram(name, program, "(cc -O2)"));
            }
        }

        return this with { Found = found };
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
