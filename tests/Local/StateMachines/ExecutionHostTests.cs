using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines;

public sealed class ExecutionHostTests : IDisposable
{
    private readonly HostFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Started_execution_ends_and_is_described() => TurnedThread.Run(_folder.Clock, async () =>
    {
        _folder.Functions.On("First", """{"n":1}""").On("Second", """{"n":2}""");
        await using ExecutionHost host = _folder.Open();
        StartedExecution started = await host.StartAsync(HostFolder.Key("a"), JsonElement.Parse("""{"x":true}"""), CancellationToken.None);
        ExecutionResult result = await host.WaitAsync(started.Key, CancellationToken.None);

        Assert.Equal(ExecutionStatus.Succeeded, result.Status);
        ExecutionDetails described = host.Describe(started.Key)!;
        Assert.Equal(ExecutionStatus.Succeeded, described.Status);
        Assert.Equal("""{"n":2}""", described.Output!.Value.GetRawText());
        Assert.Equal("""{"x":true}""", described.Input!.Value.GetRawText());
        Assert.Equal(HistoryEventType.ExecutionSucceeded, host.History(started.Key).Last().Type);
    });

    [Fact]
    public void Host_that_halts_in_a_task_runs_only_that_task_again()
    {
        TurnedThread.Run(_folder.Clock, async () =>
        {
            _folder.Functions.On("First", """{"n":1}""").On("Second", async call =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _folder.Clock, call.Cancelled);
                return default;
            });
            await using ExecutionHost host = _folder.Open();
            await host.StartAsync(HostFolder.Key("a"), JsonElement.Parse("{}"), CancellationToken.None);
            while (_folder.Functions.Calls.Count < 2)
            {
                await Task.Yield();
            }
        });
        TurnedThread.Run(_folder.Clock, async () =>
        {
            _folder.Functions.On("Second", """{"n":2}""");
            await using ExecutionHost host = _folder.Open();
            Assert.Equal(1, await host.ResumeAsync(CancellationToken.None));
            Assert.Equal(ExecutionStatus.Succeeded, (await host.WaitAsync(HostFolder.Key("a"), CancellationToken.None)).Status);
        });
        Assert.Equal(["First", "Second", "Second"], _folder.Functions.Called);
        Assert.Empty(_folder.Ended);
    }
}
