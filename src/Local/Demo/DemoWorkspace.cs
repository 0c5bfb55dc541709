using System.Diagnostics;
using CacheBackup.Core.Model;
using CacheBackup.Local.Files;

namespace CacheBackup.Local.Demo;

/// <summary>
/// The directory that a demo works in. However the demo ends, by <c>kill -9</c> as well, no server that works below it is left running, and
/// the directory goes.
/// </summary>
internal sealed class DemoWorkspace : IAsyncDisposable
{
    /// <summary>
    /// Reads until its standard input ends, which it does when the demo is gone; then ends the servers whose process works in the directory
    /// where its id is noted, until there is none, and removes everything.
    /// </summary>
    private const string Guardian =
        """
        read -r _
        end_servers() {
          find "$1" -name server.pid 2>/dev/null | while read -r file; do
            process=$(cat "$file" 2>/dev/null) || continue
            [ "$(readlink "/proc/$process/cwd")" = "${file%/*}" ] && kill -9 "$process" && echo ended
          done
        }
        while [ -n "$(end_servers "$1")" ]; do sleep 0.1; done
        rm -rf "$1"
        """;

    private readonly Process _guardian;

    private DemoWorkspace(string path, Process guardian)
    {
        FullPath = path;
        _guardian = guardian;
    }

    public string FullPath { get; }

    /// <param name="path">Null: a new temporary directory.</param>
    /// <exception cref="InvalidRequestException">Something is in the directory.</exception>
    public static DemoWorkspace Open(string? path)
    {
        string directory = path ?? Directory.CreateTempSubdirectory("cache-backup-demo-").FullName;
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new InvalidRequestException($"{directory} is not empty, and the demo removes what it works in. Name a directory that is empty or not there.");
        }

        PrivateFile.CreateDirectory(directory);
        ProcessStartInfo start = new("setsid") { RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (string argument in (string[])["/bin/sh", "-c", Guardian, "sh", RealPath(directory)])
        {
            start.ArgumentList.Add(argument);
        }

        return new DemoWorkspace(directory, Process.Start(start)!);
    }

    public string Below(string name) => Path.Combine(FullPath, name);

    /// <summary>Lets the guardian do its work and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        _guardian.StandardInput.Close();
        await _guardian.WaitForExitAsync();
        _guardian.Dispose();
    }

    private static string RealPath(string directory) =>
        new DirectoryInfo(directory).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(directory);
}
