using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines;

public sealed class ExecutionHostTests : IDisposable
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    private readonly HostFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Started_execution_ends_and_is_described() => TurnedThread.Run(_folder.Clock, async () =>
    {
        _folder.Functions.On("First", """{"n":1}""").On("Second", """{"n":2}""");
        await using ExecutionHost host = _folder.Open();
        StartedExecution started = await host.StartAsync(HostFolder.Key("a"), JsonElement.Parse("""{"x":true}"""), CancellationToken.None);
        ExecutionResult result = await host.WaitAsync(started.Key, CancellationToken.None);

        Assert.Equal((true, ExecutionStatus.Succeeded), (started.IsNew, result.Status));
        ExecutionDetails described = host.Describe(started.Key)!;
        Assert.Equal(
            (ExecutionStatus.Succeeded, "B", "arn:aws:states:local:000000000000:execution:job:a", TurnedClock.Noon),
            (described.Status, described.State, described.Id, described.StartTime));
        Assert.Equal("""{"n":2}""", described.Output!.Value.GetRawText());
        Assert.Equal("""{"x":true}""", described.Input!.Value.GetRawText());
        Assert.Equal(HistoryEventType.ExecutionSucceeded, host.History(started.Key).Last().Type);
        Assert.Equal(described.Id, _folder.Functions.Calls[0].Context.ExecutionId);
        Assert.Empty(_folder.Ended);
    });

    [Fact]
    public void Ended_executions_are_known_after_a_restart()
    {
        _folder.Functions.On("First", """{"n":1}""").On("Second", """{"n":2}""");
        Within(async host =>
        {
            await RunAsync(host, "a");
            _folder.Clock.Advance(TimeSpan.FromSeconds(1));
            _folder.Functions.On("Second", "!Broken");
            await RunAsync(host, "b");
        });
        Within(host =>
        {
            Assert.Equal(
                [("b", ExecutionStatus.Failed), ("a", ExecutionStatus.Succeeded)],
                host.List().Select(each => (each.Key.Name, each.Status)));
            Assert.Equal(["b"], host.List("job", ExecutionStatus.Failed).Select(each => each.Key.Name));
            Assert.Empty(host.List("other"));
            Assert.Equal(("Broken", "B"), (host.Describe(HostFolder.Key("b"))!.Error, host.Describe(HostFolder.Key("b"))!.State));
            Assert.Equal("""{"n":2}""", host.Describe(HostFolder.Key("a"))!.Output!.Value.GetRawText());
            Assert.Null(host.Describe(HostFolder.Key("c")));
            return Task.CompletedTask;
        });
        Assert.Single(_folder.Ended);
    }

    [Fact]
    public void Name_is_used_once()
    {
        _folder.Functions.On("First", "1").On("Second", WaitAnHourAsync);
        Within(async host =>
        {
            JsonElement input = JsonElement.Parse("""{"a":1,"b":2}""");
            await host.StartAsync(HostFolder.Key("a"), input, CancellationToken.None);
            StartedExecution again = await host.StartAsync(HostFolder.Key("a"), JsonElement.Parse("""{ "b": 2, "a": 1.0 }"""), CancellationToken.None);
            Assert.False(again.IsNew);

            ExecutionAlreadyExistsException other = await Assert.ThrowsAsync<ExecutionAlreadyExistsException>(
                () => host.StartAsync(HostFolder.Key("a"), Empty, CancellationToken.None));
            Assert.Equal((ExecutionStatus.Running, false), (other.Status, other.HasSameInput));

            await host.WaitAsync(HostFolder.Key("a"), CancellationToken.None);
            ExecutionAlreadyExistsException ended = await Assert.ThrowsAsync<ExecutionAlreadyExistsException>(
                () => host.StartAsync(HostFolder.Key("a"), input, CancellationToken.None));
            Assert.Equal((ExecutionStatus.Succeeded, true), (ended.Status, ended.HasSameInput));
        });
        Assert.Equal(2, _folder.Functions.Calls.Count);
    }

    [Fact]
    public async Task Racing_starts_of_one_name_start_it_once()
    {
        _folder.Functions.On("First", "1").On("Second", "2");
        await using ExecutionHost host = _folder.Open();
        StartedExecution?[] started = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            await Task.Yield();
            try
            {
                return await host.StartAsync(HostFolder.Key("a"), Empty, CancellationToken.None);
            }
            catch (ExecutionAlreadyExistsException)
            {
                return null;
            }
        }));
        await host.WaitAsync(HostFolder.Key("a"), CancellationToken.None);
        Assert.Equal(1, started.Count(each => each is { IsNew: true }));
        Assert.Equal(["First", "Second"], _folder.Functions.Called);
    }

    [Fact]
    public void Only_so_many_are_at_work_at_once_and_the_others_wait_their_turn()
    {
        int running = 0, most = 0;
        _folder.Options = options => options with { MaximumRunning = 2 };
        _folder.Functions.On("Second", "2").On("First", async call =>
        {
            most = Math.Max(most, ++running);
            await Task.Delay(TimeSpan.FromMinutes(1), _folder.Clock, call.Cancelled);
            running--;
            return JsonElement.Parse("1");
        });
        Within(async host =>
        {
            for (int i = 0; i < 6; i++)
            {
                await host.StartAsync(HostFolder.Key($"e{i}"), Empty, CancellationToken.None);
            }

            ExecutionResult stopped = await host.StopAsync(HostFolder.Key("e5"), "NotNeeded", null, CancellationToken.None);
            Assert.Equal(ExecutionStatus.Aborted, stopped.Status);
            for (int i = 0; i < 5; i++)
            {
                Assert.Equal(ExecutionStatus.Succeeded, (await host.WaitAsync(HostFolder.Key($"e{i}"), CancellationToken.None)).Status);
            }
        });
        Assert.Equal((2, TimeSpan.FromMinutes(3)), (most, _folder.Clock.Elapsed));
        Assert.Equal(10, _folder.Functions.Calls.Count);
    }

    [Fact]
    public void Open_executions_are_bounded()
    {
        _folder.Options = options => options with { MaximumOpen = 2 };
        _folder.Functions.On("First", WaitAnHourAsync);
        Within(async host =>
        {
            await host.StartAsync(HostFolder.Key("a"), Empty, CancellationToken.None);
            await host.StartAsync(HostFolder.Key("b"), Empty, CancellationToken.None);
            await Assert.ThrowsAsync<ExecutionLimitExceededException>(() => host.StartAsync(HostFolder.Key("c"), Empty, CancellationToken.None));
            await host.StopAsync(HostFolder.Key("a"), null, null, CancellationToken.None);
            await host.StartAsync(HostFolder.Key("c"), Empty, CancellationToken.None);
        });
    }

    [Fact]
    public void Stop_ends_as_aborted_and_is_told_of()
    {
        _folder.Functions.On("First", WaitAnHourAsync);
        Within(async host =>
        {
            await host.StartAsync(HostFolder.Key("a"), Empty, CancellationToken.None);
            await _folder.Functions.CalledAsync(1);
            Assert.Equal((ExecutionStatus.Running, "A"), (host.Describe(HostFolder.Key("a"))!.Status, host.Describe(HostFolder.Key("a"))!.State));
            ExecutionResult result = await host.StopAsync(HostFolder.Key("a"), "UserStopped", "by hand", CancellationToken.None);
            Assert.Equal((ExecutionStatus.Aborted, "UserStopped", "by hand"), (result.Status, result.Error, result.Cause));
            Assert.Equal(ExecutionStatus.Aborted, (await host.StopAsync(HostFolder.Key("a"), "Again", null, CancellationToken.None)).Status);
        });
        ExecutionEnded ended = Assert.Single(_folder.Ended);
        Assert.Equal(
            (HostFolder.Key("a"), "arn:aws:states:local:000000000000:execution:job:a", ExecutionStatus.Aborted, "UserStopped", "by hand"),
            (ended.Key, ended.Id, ended.Status, ended.Error, ended.Cause));
        Assert.Equal(TimeSpan.Zero, _folder.Clock.Elapsed);
    }

    [Fact]
    public void Time_out_of_the_machine_is_told_of_and_counts_through_restarts()
    {
        string definition = HostFolder.TwoTasks.Replace("{ \"StartAt\"", "{ \"TimeoutSeconds\": 7200, \"StartAt\"", StringComparison.Ordinal);
        _folder.Functions.On("First", async call =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _folder.Clock, call.Cancelled);
            return default;
        });
        Within(
            async host =>
            {
                await host.StartAsync(HostFolder.Key("a"), Empty, CancellationToken.None);
                await Task.Delay(TimeSpan.FromHours(1.5), _folder.Clock);
            },
            definition);
        Within(
            async host =>
            {
                await host.ResumeAsync(CancellationToken.None);
                Assert.Equal(ExecutionStatus.TimedOut, (await host.WaitAsync(HostFolder.Key("a"), CancellationToken.None)).Status);
            },
            definition);
        Assert.Equal((TimeSpan.FromHours(2), ExecutionStatus.TimedOut), (_folder.Clock.Elapsed, Assert.Single(_folder.Ended).Status));
    }

    [Fact]
    public void Host_that_halts_in_a_task_runs_only_that_task_again()
    {
        _folder.Functions.On("First", """{"n":1}""").On("Second", WaitAnHourAsync);
        Within(async host =>
        {
            await host.StartAsync(HostFolder.Key("a"), Empty, CancellationToken.None);
            await _folder.Functions.CalledAsync(2);
        });
        _folder.Functions.On("Second", """{"n":2}""");
        Within(async host =>
        {
            Assert.Equal((ExecutionStatus.Running, 1), (host.Describe(HostFolder.Key("a"))!.Status, await host.ResumeAsync(CancellationToken.None)));
            Assert.Equal(0, await host.ResumeAsync(CancellationToken.None));
            Assert.Equal(ExecutionStatus.Succeeded, (await host.WaitAsync(HostFolder.Key("a"), CancellationToken.None)).Status);
            Assert.Contains(host.History(HostFolder.Key("a")), entry => entry.Error == "Local.HostStopped");
        });
        Assert.Equal(["First", "Second", "Second"], _folder.Functions.Called);
        Assert.Empty(_folder.Ended);
    }

    [Fact]
    public void Listener_may_start_an_execution()
    {
        _folder.Functions.On("First", "!Broken");
        Within(async host =>
        {
            _folder.OnEnded = async ended =>
            {
                if (ended.Key.Name == "a")
                {
                    await host.StartAsync(HostFolder.Key("b"), Empty, CancellationToken.None);
                }
            };
            await RunAsync(host, "a");
            while (_folder.Ended.Count < 2)
            {
                await Task.Yield();
            }
        });
        Assert.Equal(["a", "b"], _folder.Ended.Select(ended => ended.Key.Name).Order());
    }

    [Fact]
    public void Purge_forgets_what_ended_before_and_frees_the_name()
    {
        _folder.Functions.On("First", "1").On("Second", "2");
        Within(async host =>
        {
            await RunAsync(host, "old");
            _folder.Clock.Advance(TimeSpan.FromDays(91));
            await RunAsync(host, "new");
            Assert.Equal(1, host.Purge(_folder.Clock.GetUtcNow() - TimeSpan.FromDays(90)));
            Assert.Equal(["new"], host.List().Select(each => each.Key.Name));
            Assert.False(Directory.Exists(Path.GetDirectoryName(_folder.FileOf("old", HostFile.Record))));
            Assert.True((await host.StartAsync(HostFolder.Key("old"), Empty, CancellationToken.None)).IsNew);
        });
    }

    [Fact]
    public void End_that_was_not_told_is_not_purged()
    {
        _folder.Functions.On("First", "!Broken");
        _folder.OnEnded = _ => throw new IOException("nobody there");
        Within(async host =>
        {
            await RunAsync(host, "a");
            Assert.Equal(0, host.Purge(DateTimeOffset.MaxValue));
        });
    }

    [Fact]
    public void Start_that_cannot_be_is_refused() => Within(async host =>
    {
        await Assert.ThrowsAsync<StateMachineDoesNotExistException>(() => host.StartAsync(new ExecutionKey("other", "a"), Empty, CancellationToken.None));
        JsonElement large = JsonSerializer.SerializeToElement(new string('x', 262_143));
        await Assert.ThrowsAsync<ArgumentException>(() => host.StartAsync(HostFolder.Key("a"), large, CancellationToken.None));
        Assert.Throws<ExecutionDoesNotExistException>(() => host.History(HostFolder.Key("a")));
        await Assert.ThrowsAsync<ExecutionDoesNotExistException>(() => host.StopAsync(HostFolder.Key("a"), null, null, CancellationToken.None));
    });

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void Name_that_is_no_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => new ExecutionKey("job", name));

    [Fact]
    public async Task Second_host_on_one_directory_is_refused()
    {
        await using ExecutionHost host = _folder.Open();
        ExecutionsInUseException refusal = Assert.Throws<ExecutionsInUseException>(() => _folder.Open());
        Assert.Contains(_folder.Executions, refusal.Message, StringComparison.Ordinal);
        await host.DisposeAsync();
        await using ExecutionHost next = _folder.Open();
        Assert.Empty(next.List());
    }

    [Fact]
    public void Only_the_owner_may_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are Unix's");
        _folder.Options = options => options with { FlushToDisk = true };
        _folder.Functions.On("First", "!Broken");
        Within(host => RunAsync(host, "a"));
        UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        string[] entries = [_folder.Executions, .. Directory.EnumerateFileSystemEntries(_folder.Executions, "*", SearchOption.AllDirectories)];
        Assert.Equal(9, entries.Length);
        Assert.All(entries, entry => Assert.Equal(UnixFileMode.None, FileMode(entry) & others));
    }

    [Fact]
    public void Leftovers_of_a_start_that_was_cut_off_are_removed()
    {
        Within(_ => Task.CompletedTask);
        string leftover = Path.Combine(_folder.Executions, "job", ".new-7");
        Directory.CreateDirectory(leftover);
        File.WriteAllText(Path.Combine(leftover, HostFile.Input), "{");
        Within(host =>
        {
            Assert.Empty(host.List());
            return Task.CompletedTask;
        });
        Assert.False(Directory.Exists(leftover));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(11)]
    public void Journal_that_cannot_be_written_halts_the_execution_until_it_can(int kept)
    {
        FailingLog? failing = null;
        _folder.Options = options => options with { Decorate = log => failing = new FailingLog(log, kept) };
        _folder.Functions.On("First", "1").On("Second", "2");
        Within(async host =>
        {
            await host.StartAsync(HostFolder.Key("a"), Empty, CancellationToken.None);
            await Assert.ThrowsAsync<IOException>(() => host.WaitAsync(HostFolder.Key("a"), CancellationToken.None));
            ExecutionDetails stalled = host.Describe(HostFolder.Key("a"))!;
            Assert.Equal((ExecutionStatus.Running, "disk full"), (stalled.Status, stalled.Stalled));

            kept = int.MaxValue;
            Assert.Equal(1, await host.ResumeAsync(CancellationToken.None));
            Assert.Equal(ExecutionStatus.Succeeded, (await host.WaitAsync(HostFolder.Key("a"), CancellationToken.None)).Status);
            Assert.Null(host.Describe(HostFolder.Key("a"))!.Stalled);
        });
        Assert.NotNull(failing);
        Assert.Empty(_folder.Ended);
    }

    private static UnixFileMode FileMode(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private static async Task RunAsync(ExecutionHost host, string name)
    {
        await host.StartAsync(HostFolder.Key(name), Empty, CancellationToken.None);
        await host.WaitAsync(HostFolder.Key(name), CancellationToken.None);
    }

    private async Task<JsonElement> WaitAnHourAsync(ScriptedCall call)
    {
        await Task.Delay(TimeSpan.FromHours(1), _folder.Clock, call.Cancelled);
        return JsonElement.Parse("1");
    }

    private void Within(Func<ExecutionHost, Task> body, string definition = HostFolder.TwoTasks) => TurnedThread.Run(_folder.Clock, async () =>
    {
        await using ExecutionHost host = _folder.Open(definition);
        await body(host);
    });
}
