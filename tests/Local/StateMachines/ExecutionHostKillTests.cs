using System.Diagnostics;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines;

/// <summary>A host in a process of its own, killed right after each of its outside effects.</summary>
public sealed class ExecutionHostKillTests : IDisposable
{
    private readonly HostFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Host_killed_after_each_effect_is_followed_by_one_that_finishes()
    {
        IReadOnlyList<string> effects = await RunChildAsync(killAfter: int.MaxValue);
        Assert.Equal(["start", .. KilledHost.Functions, "end"], effects);
        for (int kill = 1; kill < effects.Count; kill++)
        {
            Directory.Delete(_folder.Executions, recursive: true);
            Assert.Equal(kill, (await RunChildAsync(killAfter: kill)).Count);
            string[] rest = await ResumeAsync();

            // The effect that the kill followed may be lost or kept; all after it must come, none before it may come again.
            string[] expected = [.. KilledHost.Functions.Skip(Math.Max(0, kill - 2))];
            Assert.Equal(expected, rest);
        }
    }

    private async Task<IReadOnlyList<string>> RunChildAsync(int killAfter)
    {
        using Process child = KilledHost.Start(_folder.Executions);
        List<string> effects = [];
        while (await child.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
        {
            effects.Add(line);
            if (effects.Count == killAfter)
            {
                child.Kill();
                break;
            }

            await child.StandardInput.WriteLineAsync("go on");
            await child.StandardInput.FlushAsync();
        }

        await child.WaitForExitAsync();
        return effects;
    }

    private async Task<string[]> ResumeAsync()
    {
        List<string> called = [];
        var invoker = new ScriptedInvoker();
        foreach (string function in KilledHost.Functions)
        {
            invoker.On(function, _ =>
            {
                called.Add(function);
                return "1";
            });
        }

        await using ExecutionHost host = KilledHost.Open(_folder.Executions, invoker, _folder);
        Assert.Equal(1, await host.ResumeAsync(CancellationToken.None));
        ExecutionResult result = await host.WaitAsync(KilledHost.Key, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(ExecutionStatus.Succeeded, result.Status);
        return [.. called];
    }
}
