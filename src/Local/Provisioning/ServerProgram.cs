using System.ComponentModel;
using System.Diagnostics;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;

namespace CacheBackup.Local.Provisioning;

/// <summary>The server program of one engine, as it is installed here.</summary>
/// <param name="ProgramPath">The executable file.</param>
public sealed record ServerProgram(CacheEngine Engine, string ProgramPath, CacheVersion Version)
{
    /// <summary>The program's name in messages: <c>redis-server 7.0.15</c>.</summary>
    public override string ToString() => $"{NameOf(Engine)} {Version}";

    /// <summary>
    /// Finds the program: where <c>CACHE_BACKUP_REDIS_SERVER</c> or <c>CACHE_BACKUP_VALKEY_SERVER</c> points, else on the PATH; and asks it
    /// for its version.
    /// </summary>
    /// <param name="readVariable">Reads an environment variable; null where there is none.</param>
    /// <exception cref="ProvisioningException">It is not installed, or is not what its name says; the message says what to do.</exception>
    public static async Task<ServerProgram> FindAsync(
        CacheEngine engine, Func<string, string?> readVariable, CancellationToken cancellationToken)
    {
        string name = NameOf(engine);
        string path = Locate(name, VariableOf(engine), readVariable);
        string answer = await AskVersionAsync(path, cancellationToken);
        string family = engine == CacheEngine.Redis ? "Redis server" : "Valkey server";
        if (!answer.StartsWith(family, StringComparison.Ordinal))
        {
            // Some systems install one engine under the name of the other.
            throw new ProvisioningException(
                $"{path} does not call itself a {family}. Install {name}, or name the right program in {VariableOf(engine)}.");
        }

        string? version = answer.Split(' ').FirstOrDefault(word => word.StartsWith("v=", StringComparison.Ordinal))?[2..];
        return CacheVersion.TryParse(version, out CacheVersion parsed)
            ? new ServerProgram(engine, path, parsed)
            : throw new ProvisioningException($"{path} --version tells no version. Install {name} 6.2 or later.");
    }

    /// <summary>True if the engine's program is found; whether it runs is not asked.</summary>
    public static bool IsInstalled(CacheEngine engine, Func<string, string?> readVariable) =>
        readVariable(VariableOf(engine)) is { Length: > 0 } || OnPath(NameOf(engine), readVariable) is not null;

    private static string NameOf(CacheEngine engine) => engine switch
    {
        CacheEngine.Redis => "redis-server",
        CacheEngine.Valkey => "valkey-server",
        _ => throw new ProvisioningException(
            "On one machine this version makes new caches of Redis OSS and of Valkey only; start a Memcached node yourself, and restore into that endpoint."),
    };

    private static string VariableOf(CacheEngine engine) => engine == CacheEngine.Redis ? "CACHE_BACKUP_REDIS_SERVER" : "CACHE_BACKUP_VALKEY_SERVER";

    private static string Locate(string name, string variable, Func<string, string?> readVariable)
    {
        if (readVariable(variable) is { Length: > 0 } named)
        {
            return File.Exists(named) ? Path.GetFullPath(named) : throw new ProvisioningException($"{variable} names {named}, and there is no such file.");
        }

        return OnPath(name, readVariable) ?? throw new ProvisioningException(
            $"A new cache needs {name}, which is not on the PATH. Install it (Debian: apt-get install {name}), or name it in {variable}.");
    }

    private static string? OnPath(string name, Func<string, string?> readVariable) => (readVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);

    private static async Task<string> AskVersionAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(path, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await errors;
            await process.WaitForExitAsync(cancellationToken);
            return output.Trim();
        }
        catch (Win32Exception e)
        {
            throw new ProvisioningException($"{path} cannot be run: {e.Message}", e);
        }
    }
}
