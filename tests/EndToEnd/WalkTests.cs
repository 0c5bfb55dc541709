using System.Diagnostics;
using CacheBackup.Fixtures;

namespace CacheBackup.EndToEnd;

/// <summary>docs/walk.sh, as a reader would run it.</summary>
[Trait("Category", "Server")]
public sealed class WalkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_whole_life_of_a_backup_by_curl()
    {
        Requires.Program("redis-server");
        Requires.Program("curl");
        ProcessStartInfo start = new("bash", [ScriptPath(), ToolProcess.ProgramPath]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process walk = Process.Start(start)!;
        Task<string> output = walk.StandardOutput.ReadToEndAsync();
        Task<string> error = walk.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(Patience, TimeProvider.System);
        await walk.WaitForExitAsync(patience.Token);
        Assert.True(walk.ExitCode == 0, $"{await output}{await error}");
        Assert.EndsWith("The walk is over: everything went as it should.\n", await output, StringComparison.Ordinal);
    }

    private static string ScriptPath()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "docs", "walk.sh");
    }
}
