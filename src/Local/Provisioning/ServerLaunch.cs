using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using CacheBackup.Core.Operations;

namespace CacheBackup.Local.Provisioning;

/// <summary>Starts server processes.</summary>
internal static class ServerLaunch
{
    /// <summary>
    /// The shell becomes setsid, which becomes the server: one process id all the way. In a session of its own the server gets no Ctrl-C of
    /// the terminal and lives on when this process ends. What it says before it opens its log goes there as well.
    /// </summary>
    private const string Script = """exec setsid "$@" </dev/null >>server.log 2>&1""";

    /// <exception cref="ProvisioningException">The program cannot be started.</exception>
    public static Process Start(ServerProgram program, ServerDirectory directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new ProvisioningException("New caches are made on Linux only. Start a server yourself and register it.");
        }

        ProcessStartInfo start = new("/bin/sh") { WorkingDirectory = directory.FullPath };
        foreach (string argument in (string[])["-c", Script, "sh", program.ProgramPath, directory.ConfigurationPath])
        {
            start.ArgumentList.Add(argument);
        }

        // Passwords of other caches are none of the server's business.
        foreach (string name in start.Environment.Keys.Where(name => name.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        try
        {
            Process process = Process.Start(start)!;

            // The server writes the same id there itself, a moment later. From now on it can be found, whoever dies first.
            File.WriteAllText(directory.ProcessIdPath, process.Id.ToString(CultureInfo.InvariantCulture));
            return process;
        }
        catch (Win32Exception e)
        {
            throw new ProvisioningException($"{program} cannot be started: {e.Message}", e);
        }
    }
}
