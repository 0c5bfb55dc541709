using System.Diagnostics;
using System.Globalization;
using CacheBackup.Fixtures;

namespace CacheBackup.EndToEnd;

/// <summary>The demo, small, as a process: it ends well and leaves nothing, however it ends.</summary>
[Trait("Category", "Server")]
public sealed class DemoTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => Path.Combine(_directory.Path, "data");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("redis")]
    [InlineData("valkey")]
    public async Task Demo_shows_that_every_key_is_equal_and_cleans_up(string engine)
    {
        Requires.Program($"{engine}-server");
        string store = Path.Combine(_directory.Path, "store");

        (int status, string output, string error) = await ToolProcess.RunAsync("demo", "--quick", "--engine", engine, "--data", Data, "--store", store);

        Assert.True(status == 0, output + error);
        Assert.Contains("EQUAL", output, StringComparison.Ordinal);
        Assert.Contains("0 missing, 0 extra, 0 with another value, 0 with another expiry", output, StringComparison.Ordinal);
        Assert.Contains("restore into a new cache", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
        Assert.DoesNotContain(Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories), path => path.EndsWith(".rdb", StringComparison.Ordinal));
        Assert.Empty(ServersBelow(_directory.Path));
    }

    [Theory]
    [InlineData(ToolProcess.Interrupt, 130)]
    [InlineData(9, 137)]
    public async Task Demo_that_is_cut_off_leaves_no_server_and_no_directory(int signal, int status)
    {
        Requires.Program("redis-server");
        using ToolProcess tool = ToolProcess.Start("demo", "--keys", "100000", "--data", Data);
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2), TimeProvider.System);
        while (ServersBelow(_directory.Path).Count == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }

        tool.Signal(signal);
        (int ended, _, _) = await tool.EndAsync();
        while (Directory.Exists(Data))
        {
            // After kill -9 it is the guardian that cleans up, a moment later.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }

        Assert.Equal(status, ended);
        Assert.Empty(ServersBelow(_directory.Path));
    }

    [Fact]
    public async Task Directory_with_something_in_it_is_refused_and_kept()
    {
        Directory.CreateDirectory(Data);
        string mine = Path.Combine(Data, "mine");
        await File.WriteAllTextAsync(mine, "precious");

        (int status, _, string error) = await ToolProcess.RunAsync("demo", "--quick", "--data", Data);

        Assert.Equal(1, status);
        Assert.Contains("not empty", error, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(mine));
    }

    /// <summary>Processes that work below a directory.</summary>
    private static List<int> ServersBelow(string path)
    {
        List<int> found = [];
        foreach (Process process in Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    string link = string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/cwd");
                    if (File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName.StartsWith(path + "/", StringComparison.Ordinal) == true)
                    {
                        found.Add(process.Id);
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // It has ended meanwhile, or is somebody else's.
                }
            }
        }

        return found;
    }
}
